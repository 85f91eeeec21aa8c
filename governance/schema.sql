-- 数据字典: the canonical tables. A column's Chinese name and meaning stand in its comment; its constraints
-- are the validation of every import (a row that breaks one is rejected with that reason).
-- Times are naive local TIMESTAMP in Asia/Shanghai; codes are those of codes.toml; names of columns ending in
-- _on are dates, in _at timestamps. No names of persons, phones, ID numbers or full addresses: there is no column for them.

create table regions (
    region_code varchar primary key,
    level varchar not null check (level in ('province', 'city', 'county', 'town', 'community')),
    name varchar not null,
    parent_code varchar check (parent_code <> region_code),
    population integer check (population >= 0),
    households integer check (households >= 0),
    area_km2 double check (area_km2 > 0),
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table regions is '行政区划';
comment on column regions.region_code is '区划代码：12 位统计用区划代码；没有标准代码时用来源自己的代码';
comment on column regions.level is '层级';
comment on column regions.name is '区划名称';
comment on column regions.parent_code is '上级区划代码';
comment on column regions.population is '常住人口（人）';
comment on column regions.households is '户数';
comment on column regions.area_km2 is '面积（平方公里）';
comment on column regions.source_file is '来源文件';
comment on column regions.source_sheet is '来源工作表';
comment on column regions.source_row is '来源行号';

create table estates (
    estate_id varchar primary key,
    region_code varchar not null,
    name varchar not null,
    households integer check (households >= 0),
    built_year integer check (built_year between 1900 and 2100),
    property_mode varchar,
    is_old boolean,
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table estates is '小区';
comment on column estates.estate_id is '小区编号';
comment on column estates.region_code is '所属村社区代码';
comment on column estates.name is '小区名称';
comment on column estates.households is '户数';
comment on column estates.built_year is '建成年份';
comment on column estates.property_mode is '物业方式';
comment on column estates.is_old is '是否老旧小区';
comment on column estates.source_file is '来源文件';
comment on column estates.source_sheet is '来源工作表';
comment on column estates.source_row is '来源行号';

create table grids (
    grid_id varchar primary key,
    level integer not null check (level between 1 and 3),
    name varchar not null,
    grid_type varchar,
    parent_grid_id varchar check (parent_grid_id <> grid_id),
    region_code varchar not null,
    estate_id varchar,
    party_id varchar,
    merged_from varchar,
    households integer check (households >= 0),
    residents integer check (residents >= 0),
    valid_from date,
    valid_to date check (valid_to > valid_from),
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table grids is '网格';
comment on column grids.grid_id is '网格编码：村社区代码 + 3 位序号，下级再加 2 位';
comment on column grids.level is '网格层级：1 大网格（一级），2 小网格（二级），3 微网格（三级）';
comment on column grids.name is '网格名称';
comment on column grids.grid_type is '网格类型';
comment on column grids.parent_grid_id is '上级网格编码';
comment on column grids.region_code is '所属村社区代码';
comment on column grids.estate_id is '所在小区编号';
comment on column grids.party_id is '党组织编号：对应到这个网格的党组织，见共建力量的组织编号';
comment on column grids.merged_from is '并入的原有网格（多网合一）：党建、社保、应急等类别，用顿号隔开';
comment on column grids.households is '户数';
comment on column grids.residents is '居民数（人）';
comment on column grids.valid_from is '启用日期（含），空为一直有效';
comment on column grids.valid_to is '停用日期（不含），空为仍在使用';
comment on column grids.source_file is '来源文件';
comment on column grids.source_sheet is '来源工作表';
comment on column grids.source_row is '来源行号';

create table staff (
    staff_id varchar not null,
    grid_id varchar not null,
    role varchar not null,
    fte double not null check (fte >= 0 and fte <= 1),
    active_from date,
    active_to date check (active_to > active_from),
    source_file varchar,
    source_sheet varchar,
    source_row integer,
    primary key (staff_id, grid_id, role)
);
comment on table staff is '网格队伍（不含姓名，编号为化名）';
comment on column staff.staff_id is '人员化名编号';
comment on column staff.grid_id is '所在网格编码';
comment on column staff.role is '岗位';
comment on column staff.fte is '折算人力：专职 1，兼职 0.5，辅助 0.1';
comment on column staff.active_from is '上岗日期（含）';
comment on column staff.active_to is '离岗日期（不含）';
comment on column staff.source_file is '来源文件';
comment on column staff.source_sheet is '来源工作表';
comment on column staff.source_row is '来源行号';

create table units (
    unit_id varchar primary key,
    name varchar not null,
    unit_type varchar,
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table units is '承办、报到单位';
comment on column units.unit_id is '单位编号';
comment on column units.name is '单位名称';
comment on column units.unit_type is '单位类型';
comment on column units.source_file is '来源文件';
comment on column units.source_sheet is '来源工作表';
comment on column units.source_row is '来源行号';

create table cases (
    source varchar not null,
    case_id varchar not null,
    kind varchar,
    category varchar not null,
    subcategory varchar,
    channel varchar,
    platform varchar,
    errand varchar,
    origin varchar,
    urgency varchar,
    region_code varchar,
    grid_id varchar,
    estate_id varchar,
    place_id varchar,
    lon double check (lon between -180 and 180),
    lat double check (lat between -90 and 90),
    title varchar,
    unit_id varchar,
    reported_at timestamp not null,
    accepted_at timestamp,
    dispatched_at timestamp,
    first_response_at timestamp,
    arrived_at timestamp,
    first_closed_at timestamp,
    closed_at timestamp,
    visited_at timestamp,
    rated_at timestamp,
    response_due_at timestamp,
    original_due_at timestamp,
    due_at timestamp,
    need_whistle boolean,
    is_deferred boolean,
    is_confidential boolean,
    reopen_count integer check (reopen_count >= 0),
    reopened_at timestamp,
    escalation_level integer check (escalation_level between 1 and 5),
    solved_level integer check (solved_level between 1 and 5),
    status varchar,
    outcome varchar,
    outcome_visit varchar,
    rating integer check (rating between 1 and 5),
    is_rating_default boolean,
    reporter_hash varchar,
    parent_case_id varchar check (parent_case_id <> case_id),
    invalid_reason varchar,
    withdrawn_at timestamp,
    source_file varchar,
    source_sheet varchar,
    source_row integer,
    primary key (source, case_id)
);
comment on table cases is '案件（诉求、事件）';
comment on column cases.source is '来源系统';
comment on column cases.case_id is '案件编号';
comment on column cases.kind is '案件性质';
comment on column cases.category is '类别';
comment on column cases.subcategory is '小类';
comment on column cases.channel is '渠道';
comment on column cases.platform is '平台名称：一米阳光、请您反映、帮您办事、民情快递等，没有名称的渠道为空';
comment on column cases.errand is '代办：上门代办、助老代办、医保代缴、代购药品、其他代办，空为不是代办';
comment on column cases.origin is '来源方式：群众诉求、主动发现、上级转办';
comment on column cases.urgency is '缓急：急事、小事、难事、普通';
comment on column cases.region_code is '所属区划代码（到村社区，至少到县）';
comment on column cases.grid_id is '上报时所属网格编码，空为未落格';
comment on column cases.estate_id is '小区编号';
comment on column cases.place_id is '地点编号';
comment on column cases.lon is '经度（CGCS2000，导入时换算）';
comment on column cases.lat is '纬度（CGCS2000，导入时换算）';
comment on column cases.title is '标题（电话、证件号、车牌已在导入时遮盖）';
comment on column cases.unit_id is '承办单位编号';
comment on column cases.reported_at is '上报时间';
comment on column cases.accepted_at is '受理时间';
comment on column cases.dispatched_at is '派单时间';
comment on column cases.first_response_at is '首次响应时间';
comment on column cases.arrived_at is '到场时间';
comment on column cases.first_closed_at is '首次办结时间';
comment on column cases.closed_at is '最终办结时间';
comment on column cases.visited_at is '回访时间';
comment on column cases.rated_at is '评价时间';
comment on column cases.response_due_at is '应响应时限';
comment on column cases.original_due_at is '原办结期限（延期前）';
comment on column cases.due_at is '办结期限（批准延期后）';
comment on column cases.need_whistle is '是否需要吹哨';
comment on column cases.is_deferred is '是否缓办';
comment on column cases.is_confidential is '是否保密工单';
comment on column cases.reopen_count is '返工次数';
comment on column cases.reopened_at is '首次返工时间';
comment on column cases.escalation_level is '上交到哪一级：1 党员楼栋，2 网格，3 小区支部社区，4 乡镇街道，5 县直部门';
comment on column cases.solved_level is '在哪一级解决';
comment on column cases.status is '状态';
comment on column cases.outcome is '办理结果';
comment on column cases.outcome_visit is '回访结果';
comment on column cases.rating is '满意度评价：5 非常满意 … 1 非常不满意';
comment on column cases.is_rating_default is '是否超时默认好评';
comment on column cases.reporter_hash is '诉求人加密标识（不可还原）';
comment on column cases.parent_case_id is '归并到的主单编号';
comment on column cases.invalid_reason is '无效原因：不予受理、测试、归并子单、撤单';
comment on column cases.withdrawn_at is '撤单时间';
comment on column cases.source_file is '来源文件';
comment on column cases.source_sheet is '来源工作表';
comment on column cases.source_row is '来源行号';

create table case_steps (
    source varchar not null,
    case_id varchar not null,
    cycle integer not null check (cycle >= 1),
    seq integer not null check (seq >= 1),
    step varchar not null,
    happened_at timestamp not null,
    unit_id varchar,
    result varchar,
    source_file varchar,
    source_sheet varchar,
    source_row integer,
    primary key (source, case_id, cycle, seq)
);
comment on table case_steps is '办理步骤';
comment on column case_steps.source is '来源系统';
comment on column case_steps.case_id is '案件编号';
comment on column case_steps.cycle is '办理轮次（返工加一）';
comment on column case_steps.seq is '步骤序号';
comment on column case_steps.step is '步骤';
comment on column case_steps.happened_at is '时间';
comment on column case_steps.unit_id is '经办单位编号';
comment on column case_steps.result is '结果';
comment on column case_steps.source_file is '来源文件';
comment on column case_steps.source_sheet is '来源工作表';
comment on column case_steps.source_row is '来源行号';

create table disputes (
    source varchar not null,
    case_id varchar not null,
    dispute_type varchar,
    people_count integer check (people_count >= 0),
    mediation_level integer check (mediation_level between 1 and 3),
    method varchar,
    success varchar,
    agreement varchar,
    source_file varchar,
    source_sheet varchar,
    source_row integer,
    primary key (source, case_id)
);
comment on table disputes is '矛盾纠纷（案件的补充项）';
comment on column disputes.source is '来源系统';
comment on column disputes.case_id is '案件编号';
comment on column disputes.dispute_type is '纠纷类型';
comment on column disputes.people_count is '涉及人数';
comment on column disputes.mediation_level is '调解层级 1–3';
comment on column disputes.method is '化解方式：情、理、法、诉';
comment on column disputes.success is '是否化解：是、否、转诉、在调';
comment on column disputes.agreement is '协议：口头、书面、无';
comment on column disputes.source_file is '来源文件';
comment on column disputes.source_sheet is '来源工作表';
comment on column disputes.source_row is '来源行号';

create table hazards (
    source varchar not null,
    case_id varchar not null,
    hazard_type varchar,
    severity varchar,
    rectified_at timestamp,
    rechecked_at timestamp,
    is_recheck_passed boolean,
    source_file varchar,
    source_sheet varchar,
    source_row integer,
    primary key (source, case_id)
);
comment on table hazards is '安全隐患（案件的补充项）';
comment on column hazards.source is '来源系统';
comment on column hazards.case_id is '案件编号';
comment on column hazards.hazard_type is '隐患类型';
comment on column hazards.severity is '等级：一般、较大、重大';
comment on column hazards.rectified_at is '整改时间';
comment on column hazards.rechecked_at is '复查时间';
comment on column hazards.is_recheck_passed is '复查是否通过';
comment on column hazards.source_file is '来源文件';
comment on column hazards.source_sheet is '来源工作表';
comment on column hazards.source_row is '来源行号';

create table inspections (
    inspection_id varchar primary key,
    estate_id varchar not null,
    inspected_on date not null,
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table inspections is '小区排查';
comment on column inspections.inspection_id is '排查编号';
comment on column inspections.estate_id is '小区编号';
comment on column inspections.inspected_on is '排查日期';
comment on column inspections.source_file is '来源文件';
comment on column inspections.source_sheet is '来源工作表';
comment on column inspections.source_row is '来源行号';

create table score_cards (
    card_id varchar not null,
    round_id varchar not null,
    estate_id varchar not null,
    submitted_on date not null,
    item varchar not null,
    score double not null check (score between 0 and 100),
    source_file varchar,
    source_sheet varchar,
    source_row integer,
    primary key (card_id, item)
);
comment on table score_cards is '居民满意打分卡（一行一张卡一个事项）';
comment on column score_cards.card_id is '打分卡编号';
comment on column score_cards.round_id is '轮次';
comment on column score_cards.estate_id is '小区编号';
comment on column score_cards.submitted_on is '提交日期';
comment on column score_cards.item is '事项';
comment on column score_cards.score is '得分 0–100';
comment on column score_cards.source_file is '来源文件';
comment on column score_cards.source_sheet is '来源工作表';
comment on column score_cards.source_row is '来源行号';

create table card_actions (
    action_id varchar primary key,
    round_id varchar not null,
    estate_id varchar not null,
    item varchar not null,
    action varchar not null,
    meeting_id varchar,
    decided_on date not null,
    done_on date check (done_on >= decided_on),
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table card_actions is '打分卡整改';
comment on column card_actions.action_id is '整改编号';
comment on column card_actions.round_id is '轮次';
comment on column card_actions.estate_id is '小区编号';
comment on column card_actions.item is '事项';
comment on column card_actions.action is '整改方式：更换服务者、更换服务方法、更换服务形式';
comment on column card_actions.meeting_id is '研究会议编号';
comment on column card_actions.decided_on is '决定日期';
comment on column card_actions.done_on is '完成日期';
comment on column card_actions.source_file is '来源文件';
comment on column card_actions.source_sheet is '来源工作表';
comment on column card_actions.source_row is '来源行号';

create table visits (
    visit_id varchar primary key,
    grid_id varchar,
    region_code varchar,
    visited_at timestamp not null,
    visit_type varchar not null,
    household_hash varchar,
    case_id varchar,
    case_source varchar,
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table visits is '走访';
comment on column visits.visit_id is '走访编号';
comment on column visits.grid_id is '网格编码';
comment on column visits.region_code is '区划代码';
comment on column visits.visited_at is '走访时间';
comment on column visits.visit_type is '走访类型';
comment on column visits.household_hash is '户加密标识（不可还原）';
comment on column visits.case_id is '走访中登记的案件编号';
comment on column visits.case_source is '案件的来源系统：空为走访所在村社区里编号相同的那件';
comment on column visits.source_file is '来源文件';
comment on column visits.source_sheet is '来源工作表';
comment on column visits.source_row is '来源行号';

create table meetings (
    meeting_id varchar primary key,
    meeting_type varchar not null,
    region_code varchar not null,
    estate_id varchar,
    planned_on date,
    held_on date,
    attendance integer check (attendance >= 0),
    source_file varchar,
    source_sheet varchar,
    source_row integer,
    check (planned_on is not null or held_on is not null)
);
comment on table meetings is '议事会议';
comment on column meetings.meeting_id is '会议编号';
comment on column meetings.meeting_type is '会议类型';
comment on column meetings.region_code is '区划代码';
comment on column meetings.estate_id is '小区编号';
comment on column meetings.planned_on is '计划日期';
comment on column meetings.held_on is '召开日期';
comment on column meetings.attendance is '参会人次';
comment on column meetings.source_file is '来源文件';
comment on column meetings.source_sheet is '来源工作表';
comment on column meetings.source_row is '来源行号';

create table issues (
    issue_id varchar primary key,
    meeting_id varchar,
    region_code varchar not null,
    estate_id varchar,
    topic varchar,
    decided_on date not null,
    solved_on date check (solved_on >= decided_on),
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table issues is '议题';
comment on column issues.issue_id is '议题编号';
comment on column issues.meeting_id is '会议编号';
comment on column issues.region_code is '区划代码';
comment on column issues.estate_id is '小区编号';
comment on column issues.topic is '主题类别';
comment on column issues.decided_on is '议定日期';
comment on column issues.solved_on is '解决日期';
comment on column issues.source_file is '来源文件';
comment on column issues.source_sheet is '来源工作表';
comment on column issues.source_row is '来源行号';

create table proposals (
    proposal_id varchar primary key,
    region_code varchar not null,
    meeting_type varchar,
    topic varchar,
    submitted_on date not null,
    screened_on date check (screened_on >= submitted_on),
    adopted_on date check (adopted_on >= submitted_on),
    done_on date check (done_on >= adopted_on),
    rule_document varchar,
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table proposals is '建议';
comment on column proposals.proposal_id is '建议编号';
comment on column proposals.region_code is '区划代码';
comment on column proposals.meeting_type is '征集场合';
comment on column proposals.topic is '主题类别';
comment on column proposals.submitted_on is '征集日期';
comment on column proposals.screened_on is '筛选日期';
comment on column proposals.adopted_on is '采纳日期';
comment on column proposals.done_on is '落地日期';
comment on column proposals.rule_document is '形成的制度';
comment on column proposals.source_file is '来源文件';
comment on column proposals.source_sheet is '来源工作表';
comment on column proposals.source_row is '来源行号';

create table list_items (
    item_id varchar primary key,
    list_type varchar not null,
    region_code varchar not null,
    topic varchar,
    handling varchar,
    unit_id varchar,
    team varchar,
    created_on date not null,
    claimed_on date check (claimed_on >= created_on),
    done_on date check (done_on >= created_on),
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table list_items is '清单事项（三张清单、微心愿、点单）';
comment on column list_items.item_id is '事项编号';
comment on column list_items.list_type is '清单类型';
comment on column list_items.region_code is '区划代码';
comment on column list_items.topic is '主题类别';
comment on column list_items.handling is '办理方式（五办）：领办、交办、协办、操办、帮办';
comment on column list_items.unit_id is '认领单位编号';
comment on column list_items.team is '认领队伍：五色模范党员等队伍的名称，不写个人';
comment on column list_items.created_on is '提出日期';
comment on column list_items.claimed_on is '认领日期';
comment on column list_items.done_on is '完成日期';
comment on column list_items.source_file is '来源文件';
comment on column list_items.source_sheet is '来源工作表';
comment on column list_items.source_row is '来源行号';

create table plans (
    plan_id varchar primary key,
    region_code varchar not null,
    topic varchar,
    made_on date not null,
    planned_on date not null check (planned_on >= made_on),
    done_on date check (done_on >= made_on),
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table plans is '次日计划（社区工作台账里计划办的事，只到社区）';
comment on column plans.plan_id is '事项编号';
comment on column plans.region_code is '区划代码';
comment on column plans.topic is '工作类别';
comment on column plans.made_on is '制定日期';
comment on column plans.planned_on is '计划办理日期';
comment on column plans.done_on is '办成日期';
comment on column plans.source_file is '来源文件';
comment on column plans.source_sheet is '来源工作表';
comment on column plans.source_row is '来源行号';

create table projects (
    project_id varchar primary key,
    project_type varchar not null,
    name varchar,
    region_code varchar not null,
    estate_id varchar,
    started_on date,
    done_on date check (done_on >= started_on),
    households_count integer check (households_count >= 0),
    residents_count integer check (residents_count >= 0),
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table projects is '民生项目';
comment on column projects.project_id is '项目编号';
comment on column projects.project_type is '项目类型';
comment on column projects.name is '项目名称';
comment on column projects.region_code is '区划代码';
comment on column projects.estate_id is '小区编号';
comment on column projects.started_on is '开工日期';
comment on column projects.done_on is '完工日期';
comment on column projects.households_count is '受益户数';
comment on column projects.residents_count is '受益人数';
comment on column projects.source_file is '来源文件';
comment on column projects.source_sheet is '来源工作表';
comment on column projects.source_row is '来源行号';

create table points (
    txn_id varchar primary key,
    account_hash varchar not null,
    account_kind varchar,
    region_code varchar not null,
    happened_at timestamp not null,
    reason varchar not null,
    delta integer not null check (delta <> 0),
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table points is '积分流水';
comment on column points.txn_id is '流水编号';
comment on column points.account_hash is '账户加密标识（不可还原）';
comment on column points.account_kind is '账户类型：居民户、志愿者、司机、党员';
comment on column points.region_code is '区划代码';
comment on column points.happened_at is '时间';
comment on column points.reason is '事由';
comment on column points.delta is '分值：正为获得，负为兑换';
comment on column points.source_file is '来源文件';
comment on column points.source_sheet is '来源工作表';
comment on column points.source_row is '来源行号';

create table activities (
    activity_id varchar primary key,
    activity_type varchar not null,
    region_code varchar not null,
    team varchar,
    brand varchar,
    brand_line varchar,
    planned_on date,
    held_on date,
    hours double check (hours >= 0),
    attendance integer check (attendance >= 0),
    beneficiary_count integer check (beneficiary_count >= 0),
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table activities is '活动与志愿服务';
comment on column activities.activity_id is '活动编号';
comment on column activities.activity_type is '活动类型';
comment on column activities.region_code is '区划代码';
comment on column activities.team is '队伍';
comment on column activities.brand is '服务品牌：五福、五大服务品牌、窗帘行动等，空为不属于品牌';
comment on column activities.brand_line is '品牌中的一项：五福的美满福、敬老福等';
comment on column activities.planned_on is '计划日期';
comment on column activities.held_on is '开展日期';
comment on column activities.hours is '服务时长（小时）';
comment on column activities.attendance is '参加人次';
comment on column activities.beneficiary_count is '受益人次';
comment on column activities.source_file is '来源文件';
comment on column activities.source_sheet is '来源工作表';
comment on column activities.source_row is '来源行号';

create table partners (
    partner_id varchar primary key,
    partner_type varchar not null,
    region_code varchar not null,
    team varchar,
    party_level integer check (party_level between 1 and 4),
    parent_id varchar check (parent_id <> partner_id),
    member_count integer check (member_count >= 0),
    joined_on date,
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table partners is '组织与共建力量（党组织、社会组织、队伍，只有数量）';
comment on column partners.partner_id is '组织编号';
comment on column partners.partner_type is '组织类型';
comment on column partners.region_code is '区划代码';
comment on column partners.team is '队伍或联盟名称';
comment on column partners.party_level is '党组织层级：1 镇街党委，2 社区党组织，3 小区（网格）党支部，4 党小组，空为不在这棵树上';
comment on column partners.parent_id is '上级党组织的组织编号';
comment on column partners.member_count is '成员人数';
comment on column partners.joined_on is '成立或加入日期';
comment on column partners.source_file is '来源文件';
comment on column partners.source_sheet is '来源工作表';
comment on column partners.source_row is '来源行号';

create table liaisons (
    liaison_id varchar primary key,
    region_code varchar not null,
    estate_id varchar,
    unit_id varchar not null,
    active_from date,
    active_to date check (active_to > active_from),
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table liaisons is '包联（哪个单位包抓哪个社区、小区，只有单位）';
comment on column liaisons.liaison_id is '包联编号';
comment on column liaisons.region_code is '被包联的区划代码';
comment on column liaisons.estate_id is '被包联的小区编号，空为整个社区';
comment on column liaisons.unit_id is '包联单位编号';
comment on column liaisons.active_from is '包联起始日期（含）';
comment on column liaisons.active_to is '包联结束日期（不含）';
comment on column liaisons.source_file is '来源文件';
comment on column liaisons.source_sheet is '来源工作表';
comment on column liaisons.source_row is '来源行号';

create table video_points (
    point_id varchar primary key,
    system varchar not null,
    region_code varchar not null,
    grid_id varchar,
    lon double check (lon between -180 and 180),
    lat double check (lat between -90 and 90),
    is_online boolean not null,
    checked_at timestamp,
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table video_points is '视频点位（只有位置和在线状态）';
comment on column video_points.point_id is '点位编号';
comment on column video_points.system is '所属工程';
comment on column video_points.region_code is '区划代码';
comment on column video_points.grid_id is '网格编码';
comment on column video_points.lon is '经度（CGCS2000）';
comment on column video_points.lat is '纬度（CGCS2000）';
comment on column video_points.is_online is '是否在线';
comment on column video_points.checked_at is '检测时间';
comment on column video_points.source_file is '来源文件';
comment on column video_points.source_sheet is '来源工作表';
comment on column video_points.source_row is '来源行号';

create table facilities (
    facility_id varchar primary key,
    facility_type varchar not null,
    region_code varchar not null,
    estate_id varchar,
    name varchar,
    area_m2 double check (area_m2 > 0),
    service_count integer check (service_count >= 0),
    visits_per_day integer check (visits_per_day >= 0),
    revenue_per_day integer check (revenue_per_day >= 0),
    investment integer check (investment >= 0),
    opened_on date,
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table facilities is '阵地与服务设施';
comment on column facilities.facility_id is '设施编号';
comment on column facilities.facility_type is '设施类型';
comment on column facilities.region_code is '区划代码';
comment on column facilities.estate_id is '小区编号';
comment on column facilities.name is '名称';
comment on column facilities.area_m2 is '面积（平方米）';
comment on column facilities.service_count is '可办事项数';
comment on column facilities.visits_per_day is '日均接待人次';
comment on column facilities.revenue_per_day is '日均营业额（元）';
comment on column facilities.investment is '投资（元）';
comment on column facilities.opened_on is '启用日期';
comment on column facilities.source_file is '来源文件';
comment on column facilities.source_sheet is '来源工作表';
comment on column facilities.source_row is '来源行号';

create table calendar (
    day date primary key,
    is_workday boolean not null,
    note varchar,
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table calendar is '工作日历';
comment on column calendar.day is '日期';
comment on column calendar.is_workday is '是否工作日（含调休）';
comment on column calendar.note is '说明';
comment on column calendar.source_file is '来源文件';
comment on column calendar.source_sheet is '来源工作表';
comment on column calendar.source_row is '来源行号';

create table population (
    region_code varchar not null,
    month date not null,
    residents integer not null check (residents >= 0),
    households integer check (households >= 0),
    source_file varchar,
    source_sheet varchar,
    source_row integer,
    primary key (region_code, month)
);
comment on table population is '人口（按月），指标的分母取数据截至时最近一个月的，没有的取台账的';
comment on column population.region_code is '区划或网格编码';
comment on column population.month is '月份（当月 1 日）';
comment on column population.residents is '常住人口（人）';
comment on column population.households is '户数';
comment on column population.source_file is '来源文件';
comment on column population.source_sheet is '来源工作表';
comment on column population.source_row is '来源行号';

create table boundaries (
    place_code varchar primary key,
    geometry varchar not null,
    is_schematic boolean not null default false,
    approval_number varchar,
    source_file varchar,
    source_sheet varchar,
    source_row integer
);
comment on table boundaries is '边界（GeoJSON 几何，CGCS2000 经纬度）';
comment on column boundaries.place_code is '区划代码或网格编码';
comment on column boundaries.geometry is '几何（GeoJSON Polygon 或 MultiPolygon）';
comment on column boundaries.is_schematic is '是否示意图';
comment on column boundaries.approval_number is '审图号';
comment on column boundaries.source_file is '来源文件';
comment on column boundaries.source_sheet is '来源工作表';
comment on column boundaries.source_row is '来源行号';
