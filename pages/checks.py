"""对账: every identity that the figures must satisfy, over the whole snapshot, and the rows that break one."""

from governance import checks, components, filters, queries

filter = filters.current()
store = queries.current_store(filter.as_of)
results = checks.results(store)

with components.card(components.summary(results), "按整个快照核对，不随左侧筛选变化；不符的会在用到它的页面上标红"):
    components.check_list(results)

for result in results:
    if result.is_red:
        components.check_card(result, store, filter)

green = {one.check.name: one for one in results if not one.is_red}
if green:
    name = components.chosen_option("check", "看相符的哪一项", list(green), lambda name: green[name].check.title)
    components.check_card(green[name], store, filter)
