"""Traditional characters as the simplified ones that headings.toml and words.toml are written in.

Only characters that occur in headings and in the words of code columns: what a text says stays as it is.
"""

from __future__ import annotations

TRADITIONAL = (
    "專業嚴個為舉鄉書產眾會兌關養內寫馮決況劉創刪別辦務動勞區醫協單盧衛歷參發葉號呂嗎啟員響園圖場處備頭孫實審導層屬崗幫應廢開張歸當錄態總"
    "戶揚護報擇換數無舊時晉暫來楊棟標檔檢樓湯溝沒滬測濟灣滿點熱狀環現瓊電療監蓋著碼礎積稱篩簽類粵緊糾紅級緯納紛線組細織終經結絡絕統緩編繳"
    "羅職聯節蘇藥獲營蕭蔣補見規視計認議記許訟設訪證評識訴試話詢詳說請調謝譚負責敗賬質購貴賀賈資讚贊贛趙車轉輪較輔轄邊遼達過運還進違遲選遞"
    "鄧郵鄒鄰鄭釋鐘鍾錢銷鎮長門閉問間閩閻隊陽陣陸陳陝隨隱難韋韓項順顧領頻題額飛饋馬驟魯黃龍龔後裡裏採製復複範餘徵週準係誌諮佔臺彙匯覈"
    "啓衆迴隻併並淨體築壞損燈橋樹廣聲術樣讓寵殘輕廁髒亂棄紙驗鐵貨稅費價擬執確雜氣滅蟲貓學兒婦齡殯爭鬧汙滲攤縣吳國"
)
SIMPLIFIED = (
    "专业严个为举乡书产众会兑关养内写冯决况刘创删别办务动劳区医协单卢卫历参发叶号吕吗启员响园图场处备头孙实审导层属岗帮应废开张归当录态总"
    "户扬护报择换数无旧时晋暂来杨栋标档检楼汤沟没沪测济湾满点热状环现琼电疗监盖着码础积称筛签类粤紧纠红级纬纳纷线组细织终经结络绝统缓编缴"
    "罗职联节苏药获营萧蒋补见规视计认议记许讼设访证评识诉试话询详说请调谢谭负责败账质购贵贺贾资赞赞赣赵车转轮较辅辖边辽达过运还进违迟选递"
    "邓邮邹邻郑释钟钟钱销镇长门闭问间闽阎队阳阵陆陈陕随隐难韦韩项顺顾领频题额飞馈马骤鲁黄龙龚后里里采制复复范余征周准系志咨占台汇汇核"
    "启众回只并并净体筑坏损灯桥树广声术样让宠残轻厕脏乱弃纸验铁货税费价拟执确杂气灭虫猫学儿妇龄殡争闹污渗摊县吴国"
)
TABLE = str.maketrans(TRADITIONAL, SIMPLIFIED)


def simplified(text: str) -> str:
    """A heading or word in simplified characters."""
    return text.translate(TABLE)


def both(text: str) -> str:
    """Characters in both ways of writing, for the alternatives of a pattern."""
    others = {one for one, plain in zip(TRADITIONAL, SIMPLIFIED, strict=True) if plain in text}
    return text + "".join(sorted(others))
