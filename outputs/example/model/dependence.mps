NAME dependence
ROWS
 N objective[dependence]
 E balance_commodity[Home,metal,clear,2027]
 E balance_commodity[Home,metal,clear,2028]
 E balance_commodity[Home,metal,clear,2029]
 E balance_commodity[Home,metal,clear,2030]
 E balance_commodity[Home,metal,clear,2031]
 E balance_commodity[Home,ore,clear,2027]
 E balance_commodity[Home,ore,clear,2028]
 E balance_commodity[Home,ore,clear,2029]
 E balance_commodity[Home,ore,clear,2030]
 E balance_commodity[Home,ore,clear,2031]
 E balance_commodity[Home,part,clear,2026]
 E balance_commodity[Home,part,clear,2027]
 E balance_commodity[Home,part,clear,2028]
 E balance_commodity[Home,part,clear,2029]
 E balance_commodity[Home,part,clear,2030]
 E balance_commodity[Home,part,clear,2031]
 E balance_commodity[Partner,ore,clear,2026]
 E balance_commodity[Partner,ore,clear,2027]
 E balance_commodity[Partner,ore,clear,2028]
 E balance_commodity[Partner,ore,clear,2029]
 E balance_commodity[Partner,ore,clear,2030]
 E balance_commodity[Partner,ore,clear,2031]
 E meet_demand[Home|part|all,2026]
 E meet_demand[Home|part|all,2027]
 E meet_demand[Home|part|all,2028]
 E meet_demand[Home|part|all,2029]
 E meet_demand[Home|part|all,2030]
 E meet_demand[Home|part|all,2031]
 L limit_export[Partner,ore,clear,2027]
 L limit_export[Partner,ore,clear,2028]
 L limit_export[Partner,ore,clear,2029]
 L limit_export[Partner,ore,clear,2030]
 L limit_export[Partner,ore,clear,2031]
 E balance_pool[1,clear,2027]
 E balance_pool[1,clear,2028]
 E balance_pool[1,clear,2029]
 E balance_pool[1,clear,2030]
 E balance_pool[1,clear,2031]
 L limit_throughput[great_mine,2029]
 L limit_throughput[great_mine,2030]
 L limit_throughput[great_mine,2031]
 L limit_throughput[great_refinery,2028]
 L limit_throughput[great_refinery,2029]
 L limit_throughput[great_refinery,2030]
 L limit_throughput[great_refinery,2031]
 L limit_throughput[new_hall,2027]
 L limit_throughput[new_hall,2028]
 L limit_throughput[new_hall,2029]
 L limit_throughput[new_hall,2030]
 L limit_throughput[new_hall,2031]
 L limit_throughput[new_works,2027]
 L limit_throughput[new_works,2028]
 L limit_throughput[new_works,2029]
 L limit_throughput[new_works,2030]
 L limit_throughput[new_works,2031]
 L limit_throughput[old_mine,2026]
 L limit_throughput[old_mine,2027]
 L limit_throughput[old_mine,2028]
 L limit_throughput[old_mine,2029]
 L limit_throughput[old_mine,2030]
 L limit_throughput[old_mine,2031]
 L limit_throughput[old_works,2027]
 L limit_throughput[old_works,2028]
 L limit_throughput[old_works,2029]
 L limit_throughput[old_works,2030]
 L limit_throughput[old_works,2031]
 L limit_throughput[quick_mine,2027]
 L limit_throughput[quick_mine,2028]
 L limit_throughput[quick_mine,2029]
 L limit_throughput[quick_mine,2030]
 L limit_throughput[quick_mine,2031]
 L limit_throughput[quick_refinery,2027]
 L limit_throughput[quick_refinery,2028]
 L limit_throughput[quick_refinery,2029]
 L limit_throughput[quick_refinery,2030]
 L limit_throughput[quick_refinery,2031]
 L limit_units[great_mine]
 L limit_units[great_refinery]
 L limit_units[new_hall]
 L limit_units[new_works]
 L limit_units[quick_mine]
 L limit_units[quick_refinery]
 G define_funding_floor[great_mine,2026]
 G define_funding_floor[great_mine,2027]
 G define_funding_floor[great_mine,2028]
 G define_funding_floor[great_refinery,2026]
 G define_funding_floor[great_refinery,2027]
 G define_funding_floor[great_refinery,2028]
 G define_funding_floor[great_refinery,2029]
 G define_funding_floor[new_hall,2026]
 G define_funding_floor[new_hall,2027]
 G define_funding_floor[new_hall,2028]
 G define_funding_floor[new_hall,2029]
 G define_funding_floor[new_hall,2030]
 G define_funding_floor[new_works,2026]
 G define_funding_floor[new_works,2027]
 G define_funding_floor[new_works,2028]
 G define_funding_floor[new_works,2029]
 G define_funding_floor[new_works,2030]
 G define_funding_floor[quick_mine,2026]
 G define_funding_floor[quick_mine,2027]
 G define_funding_floor[quick_mine,2028]
 G define_funding_floor[quick_mine,2029]
 G define_funding_floor[quick_mine,2030]
 G define_funding_floor[quick_refinery,2026]
 G define_funding_floor[quick_refinery,2027]
 G define_funding_floor[quick_refinery,2028]
 G define_funding_floor[quick_refinery,2029]
 G define_funding_floor[quick_refinery,2030]
 L define_funding_ceiling[great_mine,2027]
 L define_funding_ceiling[great_mine,2028]
 L define_funding_ceiling[great_refinery,2026]
 L define_funding_ceiling[great_refinery,2027]
 L define_funding_ceiling[great_refinery,2028]
 L define_funding_ceiling[great_refinery,2029]
 L define_funding_ceiling[new_hall,2026]
 L define_funding_ceiling[new_hall,2027]
 L define_funding_ceiling[new_hall,2028]
 L define_funding_ceiling[new_hall,2029]
 L define_funding_ceiling[new_hall,2030]
 L define_funding_ceiling[new_works,2026]
 L define_funding_ceiling[new_works,2027]
 L define_funding_ceiling[new_works,2028]
 L define_funding_ceiling[new_works,2029]
 L define_funding_ceiling[new_works,2030]
 L define_funding_ceiling[quick_mine,2027]
 L define_funding_ceiling[quick_mine,2028]
 L define_funding_ceiling[quick_mine,2029]
 L define_funding_ceiling[quick_mine,2030]
 L define_funding_ceiling[quick_refinery,2026]
 L define_funding_ceiling[quick_refinery,2027]
 L define_funding_ceiling[quick_refinery,2028]
 L define_funding_ceiling[quick_refinery,2029]
 L define_funding_ceiling[quick_refinery,2030]
 L limit_share[great_mine,ore_fund,2027]
 L limit_share[great_mine,ore_fund,2028]
 L limit_share[great_refinery,industry_fund,2026]
 L limit_share[great_refinery,industry_fund,2027]
 L limit_share[great_refinery,industry_fund,2028]
 L limit_share[great_refinery,industry_fund,2029]
 L limit_share[new_hall,industry_fund,2026]
 L limit_share[new_hall,industry_fund,2027]
 L limit_share[new_hall,industry_fund,2028]
 L limit_share[new_hall,industry_fund,2029]
 L limit_share[new_hall,industry_fund,2030]
 L limit_share[new_works,industry_fund,2026]
 L limit_share[new_works,industry_fund,2027]
 L limit_share[new_works,industry_fund,2028]
 L limit_share[new_works,industry_fund,2029]
 L limit_share[new_works,industry_fund,2030]
 L limit_share[quick_mine,ore_fund,2027]
 L limit_share[quick_mine,ore_fund,2028]
 L limit_share[quick_mine,ore_fund,2029]
 L limit_share[quick_mine,ore_fund,2030]
 L limit_share[quick_refinery,industry_fund,2026]
 L limit_share[quick_refinery,industry_fund,2027]
 L limit_share[quick_refinery,industry_fund,2028]
 L limit_share[quick_refinery,industry_fund,2029]
 L limit_share[quick_refinery,industry_fund,2030]
 L limit_private[0,2026]
 L limit_private[0,2027]
 L limit_private[0,2028]
 L limit_private[0,2029]
 L limit_private[0,2030]
 L limit_programme[industry_fund]
 L limit_programme[ore_fund]
 L define_worst[2026]
 L define_worst[2027]
 L define_worst[2028]
 L define_worst[2029]
 L define_worst[2030]
 L define_worst[2031]
COLUMNS
 run[old_mine,mine,clear,2026] balance_commodity[Partner,ore,clear,2026] 1.0
 run[old_mine,mine,clear,2026] limit_throughput[old_mine,2026] 1.0
 run[new_hall,make,clear,2027] balance_commodity[Home,metal,clear,2027] -1.0
 run[new_hall,make,clear,2027] balance_commodity[Home,part,clear,2027] 1.0
 run[new_hall,make,clear,2027] limit_throughput[new_hall,2027] 1.0
 run[new_works,make,clear,2027] balance_commodity[Home,metal,clear,2027] -1.0
 run[new_works,make,clear,2027] balance_commodity[Home,part,clear,2027] 1.0
 run[new_works,make,clear,2027] limit_throughput[new_works,2027] 1.0
 run[old_mine,mine,clear,2027] balance_commodity[Partner,ore,clear,2027] 1.0
 run[old_mine,mine,clear,2027] limit_export[Partner,ore,clear,2027] -1.0
 run[old_mine,mine,clear,2027] limit_throughput[old_mine,2027] 1.0
 run[old_works,make,clear,2027] balance_commodity[Home,metal,clear,2027] -1.0
 run[old_works,make,clear,2027] balance_commodity[Home,part,clear,2027] 1.0
 run[old_works,make,clear,2027] limit_throughput[old_works,2027] 1.0
 run[quick_mine,mine,clear,2027] balance_commodity[Partner,ore,clear,2027] 1.0
 run[quick_mine,mine,clear,2027] limit_export[Partner,ore,clear,2027] -1.0
 run[quick_mine,mine,clear,2027] limit_throughput[quick_mine,2027] 1.0
 run[quick_refinery,refine,clear,2027] balance_commodity[Home,metal,clear,2027] 1.0
 run[quick_refinery,refine,clear,2027] balance_commodity[Home,ore,clear,2027] -1.0
 run[quick_refinery,refine,clear,2027] limit_throughput[quick_refinery,2027] 1.0
 run[great_refinery,refine,clear,2028] balance_commodity[Home,metal,clear,2028] 1.0
 run[great_refinery,refine,clear,2028] balance_commodity[Home,ore,clear,2028] -1.0
 run[great_refinery,refine,clear,2028] limit_throughput[great_refinery,2028] 1.0
 run[new_hall,make,clear,2028] balance_commodity[Home,metal,clear,2028] -1.0
 run[new_hall,make,clear,2028] balance_commodity[Home,part,clear,2028] 1.0
 run[new_hall,make,clear,2028] limit_throughput[new_hall,2028] 1.0
 run[new_works,make,clear,2028] balance_commodity[Home,metal,clear,2028] -1.0
 run[new_works,make,clear,2028] balance_commodity[Home,part,clear,2028] 1.0
 run[new_works,make,clear,2028] limit_throughput[new_works,2028] 1.0
 run[old_mine,mine,clear,2028] balance_commodity[Partner,ore,clear,2028] 1.0
 run[old_mine,mine,clear,2028] limit_export[Partner,ore,clear,2028] -1.0
 run[old_mine,mine,clear,2028] limit_throughput[old_mine,2028] 1.0
 run[old_works,make,clear,2028] balance_commodity[Home,metal,clear,2028] -1.0
 run[old_works,make,clear,2028] balance_commodity[Home,part,clear,2028] 1.0
 run[old_works,make,clear,2028] limit_throughput[old_works,2028] 1.0
 run[quick_mine,mine,clear,2028] balance_commodity[Partner,ore,clear,2028] 1.0
 run[quick_mine,mine,clear,2028] limit_export[Partner,ore,clear,2028] -1.0
 run[quick_mine,mine,clear,2028] limit_throughput[quick_mine,2028] 1.0
 run[quick_refinery,refine,clear,2028] balance_commodity[Home,metal,clear,2028] 1.0
 run[quick_refinery,refine,clear,2028] balance_commodity[Home,ore,clear,2028] -1.0
 run[quick_refinery,refine,clear,2028] limit_throughput[quick_refinery,2028] 1.0
 run[great_mine,mine,clear,2029] balance_commodity[Partner,ore,clear,2029] 1.0
 run[great_mine,mine,clear,2029] limit_export[Partner,ore,clear,2029] -1.0
 run[great_mine,mine,clear,2029] limit_throughput[great_mine,2029] 1.0
 run[great_refinery,refine,clear,2029] balance_commodity[Home,metal,clear,2029] 1.0
 run[great_refinery,refine,clear,2029] balance_commodity[Home,ore,clear,2029] -1.0
 run[great_refinery,refine,clear,2029] limit_throughput[great_refinery,2029] 1.0
 run[new_hall,make,clear,2029] balance_commodity[Home,metal,clear,2029] -1.0
 run[new_hall,make,clear,2029] balance_commodity[Home,part,clear,2029] 1.0
 run[new_hall,make,clear,2029] limit_throughput[new_hall,2029] 1.0
 run[new_works,make,clear,2029] balance_commodity[Home,metal,clear,2029] -1.0
 run[new_works,make,clear,2029] balance_commodity[Home,part,clear,2029] 1.0
 run[new_works,make,clear,2029] limit_throughput[new_works,2029] 1.0
 run[old_mine,mine,clear,2029] balance_commodity[Partner,ore,clear,2029] 1.0
 run[old_mine,mine,clear,2029] limit_export[Partner,ore,clear,2029] -1.0
 run[old_mine,mine,clear,2029] limit_throughput[old_mine,2029] 1.0
 run[old_works,make,clear,2029] balance_commodity[Home,metal,clear,2029] -1.0
 run[old_works,make,clear,2029] balance_commodity[Home,part,clear,2029] 1.0
 run[old_works,make,clear,2029] limit_throughput[old_works,2029] 1.0
 run[quick_mine,mine,clear,2029] balance_commodity[Partner,ore,clear,2029] 1.0
 run[quick_mine,mine,clear,2029] limit_export[Partner,ore,clear,2029] -1.0
 run[quick_mine,mine,clear,2029] limit_throughput[quick_mine,2029] 1.0
 run[quick_refinery,refine,clear,2029] balance_commodity[Home,metal,clear,2029] 1.0
 run[quick_refinery,refine,clear,2029] balance_commodity[Home,ore,clear,2029] -1.0
 run[quick_refinery,refine,clear,2029] limit_throughput[quick_refinery,2029] 1.0
 run[great_mine,mine,clear,2030] balance_commodity[Partner,ore,clear,2030] 1.0
 run[great_mine,mine,clear,2030] limit_export[Partner,ore,clear,2030] -1.0
 run[great_mine,mine,clear,2030] limit_throughput[great_mine,2030] 1.0
 run[great_refinery,refine,clear,2030] balance_commodity[Home,metal,clear,2030] 1.0
 run[great_refinery,refine,clear,2030] balance_commodity[Home,ore,clear,2030] -1.0
 run[great_refinery,refine,clear,2030] limit_throughput[great_refinery,2030] 1.0
 run[new_hall,make,clear,2030] balance_commodity[Home,metal,clear,2030] -1.0
 run[new_hall,make,clear,2030] balance_commodity[Home,part,clear,2030] 1.0
 run[new_hall,make,clear,2030] limit_throughput[new_hall,2030] 1.0
 run[new_works,make,clear,2030] balance_commodity[Home,metal,clear,2030] -1.0
 run[new_works,make,clear,2030] balance_commodity[Home,part,clear,2030] 1.0
 run[new_works,make,clear,2030] limit_throughput[new_works,2030] 1.0
 run[old_mine,mine,clear,2030] balance_commodity[Partner,ore,clear,2030] 1.0
 run[old_mine,mine,clear,2030] limit_export[Partner,ore,clear,2030] -1.0
 run[old_mine,mine,clear,2030] limit_throughput[old_mine,2030] 1.0
 run[old_works,make,clear,2030] balance_commodity[Home,metal,clear,2030] -1.0
 run[old_works,make,clear,2030] balance_commodity[Home,part,clear,2030] 1.0
 run[old_works,make,clear,2030] limit_throughput[old_works,2030] 1.0
 run[quick_mine,mine,clear,2030] balance_commodity[Partner,ore,clear,2030] 1.0
 run[quick_mine,mine,clear,2030] limit_export[Partner,ore,clear,2030] -1.0
 run[quick_mine,mine,clear,2030] limit_throughput[quick_mine,2030] 1.0
 run[quick_refinery,refine,clear,2030] balance_commodity[Home,metal,clear,2030] 1.0
 run[quick_refinery,refine,clear,2030] balance_commodity[Home,ore,clear,2030] -1.0
 run[quick_refinery,refine,clear,2030] limit_throughput[quick_refinery,2030] 1.0
 run[great_mine,mine,clear,2031] balance_commodity[Partner,ore,clear,2031] 1.0
 run[great_mine,mine,clear,2031] limit_export[Partner,ore,clear,2031] -1.0
 run[great_mine,mine,clear,2031] limit_throughput[great_mine,2031] 1.0
 run[great_refinery,refine,clear,2031] balance_commodity[Home,metal,clear,2031] 1.0
 run[great_refinery,refine,clear,2031] balance_commodity[Home,ore,clear,2031] -1.0
 run[great_refinery,refine,clear,2031] limit_throughput[great_refinery,2031] 1.0
 run[new_hall,make,clear,2031] balance_commodity[Home,metal,clear,2031] -1.0
 run[new_hall,make,clear,2031] balance_commodity[Home,part,clear,2031] 1.0
 run[new_hall,make,clear,2031] limit_throughput[new_hall,2031] 1.0
 run[new_works,make,clear,2031] balance_commodity[Home,metal,clear,2031] -1.0
 run[new_works,make,clear,2031] balance_commodity[Home,part,clear,2031] 1.0
 run[new_works,make,clear,2031] limit_throughput[new_works,2031] 1.0
 run[old_mine,mine,clear,2031] balance_commodity[Partner,ore,clear,2031] 1.0
 run[old_mine,mine,clear,2031] limit_export[Partner,ore,clear,2031] -1.0
 run[old_mine,mine,clear,2031] limit_throughput[old_mine,2031] 1.0
 run[old_works,make,clear,2031] balance_commodity[Home,metal,clear,2031] -1.0
 run[old_works,make,clear,2031] balance_commodity[Home,part,clear,2031] 1.0
 run[old_works,make,clear,2031] limit_throughput[old_works,2031] 1.0
 run[quick_mine,mine,clear,2031] balance_commodity[Partner,ore,clear,2031] 1.0
 run[quick_mine,mine,clear,2031] limit_export[Partner,ore,clear,2031] -1.0
 run[quick_mine,mine,clear,2031] limit_throughput[quick_mine,2031] 1.0
 run[quick_refinery,refine,clear,2031] balance_commodity[Home,metal,clear,2031] 1.0
 run[quick_refinery,refine,clear,2031] balance_commodity[Home,ore,clear,2031] -1.0
 run[quick_refinery,refine,clear,2031] limit_throughput[quick_refinery,2031] 1.0
 surplus[Home,metal,clear,2027] balance_commodity[Home,metal,clear,2027] -1.0
 surplus[Home,metal,clear,2028] balance_commodity[Home,metal,clear,2028] -1.0
 surplus[Home,metal,clear,2029] balance_commodity[Home,metal,clear,2029] -1.0
 surplus[Home,metal,clear,2030] balance_commodity[Home,metal,clear,2030] -1.0
 surplus[Home,metal,clear,2031] balance_commodity[Home,metal,clear,2031] -1.0
 surplus[Home,ore,clear,2027] balance_commodity[Home,ore,clear,2027] -1.0
 surplus[Home,ore,clear,2028] balance_commodity[Home,ore,clear,2028] -1.0
 surplus[Home,ore,clear,2029] balance_commodity[Home,ore,clear,2029] -1.0
 surplus[Home,ore,clear,2030] balance_commodity[Home,ore,clear,2030] -1.0
 surplus[Home,ore,clear,2031] balance_commodity[Home,ore,clear,2031] -1.0
 surplus[Home,part,clear,2026] balance_commodity[Home,part,clear,2026] -1.0
 surplus[Home,part,clear,2027] balance_commodity[Home,part,clear,2027] -1.0
 surplus[Home,part,clear,2028] balance_commodity[Home,part,clear,2028] -1.0
 surplus[Home,part,clear,2029] balance_commodity[Home,part,clear,2029] -1.0
 surplus[Home,part,clear,2030] balance_commodity[Home,part,clear,2030] -1.0
 surplus[Home,part,clear,2031] balance_commodity[Home,part,clear,2031] -1.0
 surplus[Partner,ore,clear,2026] balance_commodity[Partner,ore,clear,2026] -1.0
 surplus[Partner,ore,clear,2027] balance_commodity[Partner,ore,clear,2027] -1.0
 surplus[Partner,ore,clear,2028] balance_commodity[Partner,ore,clear,2028] -1.0
 surplus[Partner,ore,clear,2029] balance_commodity[Partner,ore,clear,2029] -1.0
 surplus[Partner,ore,clear,2030] balance_commodity[Partner,ore,clear,2030] -1.0
 surplus[Partner,ore,clear,2031] balance_commodity[Partner,ore,clear,2031] -1.0
 into[1,Home,clear,2027] balance_commodity[Home,ore,clear,2027] 1.0
 into[1,Home,clear,2027] balance_pool[1,clear,2027] -1.0
 into[1,Home,clear,2028] balance_commodity[Home,ore,clear,2028] 1.0
 into[1,Home,clear,2028] balance_pool[1,clear,2028] -1.0
 into[1,Home,clear,2029] balance_commodity[Home,ore,clear,2029] 1.0
 into[1,Home,clear,2029] balance_pool[1,clear,2029] -1.0
 into[1,Home,clear,2030] balance_commodity[Home,ore,clear,2030] 1.0
 into[1,Home,clear,2030] balance_pool[1,clear,2030] -1.0
 into[1,Home,clear,2031] balance_commodity[Home,ore,clear,2031] 1.0
 into[1,Home,clear,2031] balance_pool[1,clear,2031] -1.0
 serve[Home|part|all,clear,2026] balance_commodity[Home,part,clear,2026] -1.0
 serve[Home|part|all,clear,2026] meet_demand[Home|part|all,2026] 1.0
 serve[Home|part|all,clear,2027] balance_commodity[Home,part,clear,2027] -1.0
 serve[Home|part|all,clear,2027] meet_demand[Home|part|all,2027] 1.0
 serve[Home|part|all,clear,2028] balance_commodity[Home,part,clear,2028] -1.0
 serve[Home|part|all,clear,2028] meet_demand[Home|part|all,2028] 1.0
 serve[Home|part|all,clear,2029] balance_commodity[Home,part,clear,2029] -1.0
 serve[Home|part|all,clear,2029] meet_demand[Home|part|all,2029] 1.0
 serve[Home|part|all,clear,2030] balance_commodity[Home,part,clear,2030] -1.0
 serve[Home|part|all,clear,2030] meet_demand[Home|part|all,2030] 1.0
 serve[Home|part|all,clear,2031] balance_commodity[Home,part,clear,2031] -1.0
 serve[Home|part|all,clear,2031] meet_demand[Home|part|all,2031] 1.0
 out[1,Partner,clear,2027] balance_commodity[Partner,ore,clear,2027] -1.0
 out[1,Partner,clear,2027] limit_export[Partner,ore,clear,2027] 1.0
 out[1,Partner,clear,2027] balance_pool[1,clear,2027] 1.0
 out[1,Partner,clear,2028] balance_commodity[Partner,ore,clear,2028] -1.0
 out[1,Partner,clear,2028] limit_export[Partner,ore,clear,2028] 1.0
 out[1,Partner,clear,2028] balance_pool[1,clear,2028] 1.0
 out[1,Partner,clear,2029] balance_commodity[Partner,ore,clear,2029] -1.0
 out[1,Partner,clear,2029] limit_export[Partner,ore,clear,2029] 1.0
 out[1,Partner,clear,2029] balance_pool[1,clear,2029] 1.0
 out[1,Partner,clear,2030] balance_commodity[Partner,ore,clear,2030] -1.0
 out[1,Partner,clear,2030] limit_export[Partner,ore,clear,2030] 1.0
 out[1,Partner,clear,2030] balance_pool[1,clear,2030] 1.0
 out[1,Partner,clear,2031] balance_commodity[Partner,ore,clear,2031] -1.0
 out[1,Partner,clear,2031] limit_export[Partner,ore,clear,2031] 1.0
 out[1,Partner,clear,2031] balance_pool[1,clear,2031] 1.0
 short[Home|part|all,2026] objective[dependence] 1.0
 short[Home|part|all,2026] meet_demand[Home|part|all,2026] 1.0
 short[Home|part|all,2026] define_worst[2026] 1.0
 short[Home|part|all,2027] objective[dependence] 1.0
 short[Home|part|all,2027] meet_demand[Home|part|all,2027] 1.0
 short[Home|part|all,2027] define_worst[2027] 1.0
 short[Home|part|all,2028] objective[dependence] 1.0
 short[Home|part|all,2028] meet_demand[Home|part|all,2028] 1.0
 short[Home|part|all,2028] define_worst[2028] 1.0
 short[Home|part|all,2029] objective[dependence] 1.0
 short[Home|part|all,2029] meet_demand[Home|part|all,2029] 1.0
 short[Home|part|all,2029] define_worst[2029] 1.0
 short[Home|part|all,2030] objective[dependence] 1.0
 short[Home|part|all,2030] meet_demand[Home|part|all,2030] 1.0
 short[Home|part|all,2030] define_worst[2030] 1.0
 short[Home|part|all,2031] objective[dependence] 1.0
 short[Home|part|all,2031] meet_demand[Home|part|all,2031] 1.0
 short[Home|part|all,2031] define_worst[2031] 1.0
 MARKER82 'MARKER' 'INTORG'
 build[great_mine,2026] limit_throughput[great_mine,2029] -35.0
 build[great_mine,2026] limit_throughput[great_mine,2030] -70.0
 build[great_mine,2026] limit_throughput[great_mine,2031] -70.0
 build[great_mine,2026] limit_units[great_mine] 1.0
 build[great_mine,2026] define_funding_floor[great_mine,2026] -0.5
 build[great_mine,2026] limit_private[0,2026] 0.16666666666666666
 build[great_mine,2026] limit_private[0,2027] 0.16666666666666666
 build[great_mine,2026] limit_private[0,2028] 0.16666666666666666
 build[great_mine,2027] limit_throughput[great_mine,2030] -35.0
 build[great_mine,2027] limit_throughput[great_mine,2031] -70.0
 build[great_mine,2027] limit_units[great_mine] 1.0
 build[great_mine,2027] define_funding_floor[great_mine,2027] -0.5
 build[great_mine,2027] define_funding_ceiling[great_mine,2027] -0.5
 build[great_mine,2027] limit_share[great_mine,ore_fund,2027] -0.5
 build[great_mine,2027] limit_private[0,2027] 0.16666666666666666
 build[great_mine,2027] limit_private[0,2028] 0.16666666666666666
 build[great_mine,2027] limit_private[0,2029] 0.16666666666666666
 build[great_mine,2028] limit_throughput[great_mine,2031] -35.0
 build[great_mine,2028] limit_units[great_mine] 1.0
 build[great_mine,2028] define_funding_floor[great_mine,2028] -0.5
 build[great_mine,2028] define_funding_ceiling[great_mine,2028] -0.5
 build[great_mine,2028] limit_share[great_mine,ore_fund,2028] -0.5
 build[great_mine,2028] limit_private[0,2028] 0.16666666666666666
 build[great_mine,2028] limit_private[0,2029] 0.16666666666666666
 build[great_mine,2028] limit_private[0,2030] 0.16666666666666666
 build[great_refinery,2026] limit_throughput[great_refinery,2028] -50.0
 build[great_refinery,2026] limit_throughput[great_refinery,2029] -100.0
 build[great_refinery,2026] limit_throughput[great_refinery,2030] -100.0
 build[great_refinery,2026] limit_throughput[great_refinery,2031] -100.0
 build[great_refinery,2026] limit_units[great_refinery] 1.0
 build[great_refinery,2026] define_funding_floor[great_refinery,2026] -1.0
 build[great_refinery,2026] define_funding_ceiling[great_refinery,2026] -1.0
 build[great_refinery,2026] limit_share[great_refinery,industry_fund,2026] -1.0
 build[great_refinery,2026] limit_private[0,2026] 0.5
 build[great_refinery,2026] limit_private[0,2027] 0.5
 build[great_refinery,2027] limit_throughput[great_refinery,2029] -50.0
 build[great_refinery,2027] limit_throughput[great_refinery,2030] -100.0
 build[great_refinery,2027] limit_throughput[great_refinery,2031] -100.0
 build[great_refinery,2027] limit_units[great_refinery] 1.0
 build[great_refinery,2027] define_funding_floor[great_refinery,2027] -1.0
 build[great_refinery,2027] define_funding_ceiling[great_refinery,2027] -1.0
 build[great_refinery,2027] limit_share[great_refinery,industry_fund,2027] -1.0
 build[great_refinery,2027] limit_private[0,2027] 0.5
 build[great_refinery,2027] limit_private[0,2028] 0.5
 build[great_refinery,2028] limit_throughput[great_refinery,2030] -50.0
 build[great_refinery,2028] limit_throughput[great_refinery,2031] -100.0
 build[great_refinery,2028] limit_units[great_refinery] 1.0
 build[great_refinery,2028] define_funding_floor[great_refinery,2028] -1.0
 build[great_refinery,2028] define_funding_ceiling[great_refinery,2028] -1.0
 build[great_refinery,2028] limit_share[great_refinery,industry_fund,2028] -1.0
 build[great_refinery,2028] limit_private[0,2028] 0.5
 build[great_refinery,2028] limit_private[0,2029] 0.5
 build[great_refinery,2029] limit_throughput[great_refinery,2031] -50.0
 build[great_refinery,2029] limit_units[great_refinery] 1.0
 build[great_refinery,2029] define_funding_floor[great_refinery,2029] -1.0
 build[great_refinery,2029] define_funding_ceiling[great_refinery,2029] -1.0
 build[great_refinery,2029] limit_share[great_refinery,industry_fund,2029] -1.0
 build[great_refinery,2029] limit_private[0,2029] 0.5
 build[great_refinery,2029] limit_private[0,2030] 0.5
 build[new_hall,2026] limit_throughput[new_hall,2027] -30.0
 build[new_hall,2026] limit_throughput[new_hall,2028] -30.0
 build[new_hall,2026] limit_throughput[new_hall,2029] -30.0
 build[new_hall,2026] limit_throughput[new_hall,2030] -30.0
 build[new_hall,2026] limit_throughput[new_hall,2031] -30.0
 build[new_hall,2026] limit_units[new_hall] 1.0
 build[new_hall,2026] define_funding_floor[new_hall,2026] -0.4
 build[new_hall,2026] define_funding_ceiling[new_hall,2026] -0.4
 build[new_hall,2026] limit_share[new_hall,industry_fund,2026] -0.4
 build[new_hall,2026] limit_private[0,2026] 0.4
 build[new_hall,2027] limit_throughput[new_hall,2028] -30.0
 build[new_hall,2027] limit_throughput[new_hall,2029] -30.0
 build[new_hall,2027] limit_throughput[new_hall,2030] -30.0
 build[new_hall,2027] limit_throughput[new_hall,2031] -30.0
 build[new_hall,2027] limit_units[new_hall] 1.0
 build[new_hall,2027] define_funding_floor[new_hall,2027] -0.4
 build[new_hall,2027] define_funding_ceiling[new_hall,2027] -0.4
 build[new_hall,2027] limit_share[new_hall,industry_fund,2027] -0.4
 build[new_hall,2027] limit_private[0,2027] 0.4
 build[new_hall,2028] limit_throughput[new_hall,2029] -30.0
 build[new_hall,2028] limit_throughput[new_hall,2030] -30.0
 build[new_hall,2028] limit_throughput[new_hall,2031] -30.0
 build[new_hall,2028] limit_units[new_hall] 1.0
 build[new_hall,2028] define_funding_floor[new_hall,2028] -0.4
 build[new_hall,2028] define_funding_ceiling[new_hall,2028] -0.4
 build[new_hall,2028] limit_share[new_hall,industry_fund,2028] -0.4
 build[new_hall,2028] limit_private[0,2028] 0.4
 build[new_hall,2029] limit_throughput[new_hall,2030] -30.0
 build[new_hall,2029] limit_throughput[new_hall,2031] -30.0
 build[new_hall,2029] limit_units[new_hall] 1.0
 build[new_hall,2029] define_funding_floor[new_hall,2029] -0.4
 build[new_hall,2029] define_funding_ceiling[new_hall,2029] -0.4
 build[new_hall,2029] limit_share[new_hall,industry_fund,2029] -0.4
 build[new_hall,2029] limit_private[0,2029] 0.4
 build[new_hall,2030] limit_throughput[new_hall,2031] -30.0
 build[new_hall,2030] limit_units[new_hall] 1.0
 build[new_hall,2030] define_funding_floor[new_hall,2030] -0.4
 build[new_hall,2030] define_funding_ceiling[new_hall,2030] -0.4
 build[new_hall,2030] limit_share[new_hall,industry_fund,2030] -0.4
 build[new_hall,2030] limit_private[0,2030] 0.4
 build[new_works,2026] limit_throughput[new_works,2027] -50.0
 build[new_works,2026] limit_throughput[new_works,2028] -50.0
 build[new_works,2026] limit_throughput[new_works,2029] -50.0
 build[new_works,2026] limit_throughput[new_works,2030] -50.0
 build[new_works,2026] limit_throughput[new_works,2031] -50.0
 build[new_works,2026] limit_units[new_works] 1.0
 build[new_works,2026] define_funding_floor[new_works,2026] -0.5
 build[new_works,2026] define_funding_ceiling[new_works,2026] -0.5
 build[new_works,2026] limit_share[new_works,industry_fund,2026] -0.5
 build[new_works,2026] limit_private[0,2026] 0.5
 build[new_works,2027] limit_throughput[new_works,2028] -50.0
 build[new_works,2027] limit_throughput[new_works,2029] -50.0
 build[new_works,2027] limit_throughput[new_works,2030] -50.0
 build[new_works,2027] limit_throughput[new_works,2031] -50.0
 build[new_works,2027] limit_units[new_works] 1.0
 build[new_works,2027] define_funding_floor[new_works,2027] -0.5
 build[new_works,2027] define_funding_ceiling[new_works,2027] -0.5
 build[new_works,2027] limit_share[new_works,industry_fund,2027] -0.5
 build[new_works,2027] limit_private[0,2027] 0.5
 build[new_works,2028] limit_throughput[new_works,2029] -50.0
 build[new_works,2028] limit_throughput[new_works,2030] -50.0
 build[new_works,2028] limit_throughput[new_works,2031] -50.0
 build[new_works,2028] limit_units[new_works] 1.0
 build[new_works,2028] define_funding_floor[new_works,2028] -0.5
 build[new_works,2028] define_funding_ceiling[new_works,2028] -0.5
 build[new_works,2028] limit_share[new_works,industry_fund,2028] -0.5
 build[new_works,2028] limit_private[0,2028] 0.5
 build[new_works,2029] limit_throughput[new_works,2030] -50.0
 build[new_works,2029] limit_throughput[new_works,2031] -50.0
 build[new_works,2029] limit_units[new_works] 1.0
 build[new_works,2029] define_funding_floor[new_works,2029] -0.5
 build[new_works,2029] define_funding_ceiling[new_works,2029] -0.5
 build[new_works,2029] limit_share[new_works,industry_fund,2029] -0.5
 build[new_works,2029] limit_private[0,2029] 0.5
 build[new_works,2030] limit_throughput[new_works,2031] -50.0
 build[new_works,2030] limit_units[new_works] 1.0
 build[new_works,2030] define_funding_floor[new_works,2030] -0.5
 build[new_works,2030] define_funding_ceiling[new_works,2030] -0.5
 build[new_works,2030] limit_share[new_works,industry_fund,2030] -0.5
 build[new_works,2030] limit_private[0,2030] 0.5
 build[quick_mine,2026] limit_throughput[quick_mine,2027] -40.0
 build[quick_mine,2026] limit_throughput[quick_mine,2028] -40.0
 build[quick_mine,2026] limit_throughput[quick_mine,2029] -40.0
 build[quick_mine,2026] limit_throughput[quick_mine,2030] -40.0
 build[quick_mine,2026] limit_throughput[quick_mine,2031] -40.0
 build[quick_mine,2026] limit_units[quick_mine] 1.0
 build[quick_mine,2026] define_funding_floor[quick_mine,2026] -0.3
 build[quick_mine,2026] limit_private[0,2026] 0.3
 build[quick_mine,2027] limit_throughput[quick_mine,2028] -40.0
 build[quick_mine,2027] limit_throughput[quick_mine,2029] -40.0
 build[quick_mine,2027] limit_throughput[quick_mine,2030] -40.0
 build[quick_mine,2027] limit_throughput[quick_mine,2031] -40.0
 build[quick_mine,2027] limit_units[quick_mine] 1.0
 build[quick_mine,2027] define_funding_floor[quick_mine,2027] -0.3
 build[quick_mine,2027] define_funding_ceiling[quick_mine,2027] -0.3
 build[quick_mine,2027] limit_share[quick_mine,ore_fund,2027] -0.3
 build[quick_mine,2027] limit_private[0,2027] 0.3
 build[quick_mine,2028] limit_throughput[quick_mine,2029] -40.0
 build[quick_mine,2028] limit_throughput[quick_mine,2030] -40.0
 build[quick_mine,2028] limit_throughput[quick_mine,2031] -40.0
 build[quick_mine,2028] limit_units[quick_mine] 1.0
 build[quick_mine,2028] define_funding_floor[quick_mine,2028] -0.3
 build[quick_mine,2028] define_funding_ceiling[quick_mine,2028] -0.3
 build[quick_mine,2028] limit_share[quick_mine,ore_fund,2028] -0.3
 build[quick_mine,2028] limit_private[0,2028] 0.3
 build[quick_mine,2029] limit_throughput[quick_mine,2030] -40.0
 build[quick_mine,2029] limit_throughput[quick_mine,2031] -40.0
 build[quick_mine,2029] limit_units[quick_mine] 1.0
 build[quick_mine,2029] define_funding_floor[quick_mine,2029] -0.3
 build[quick_mine,2029] define_funding_ceiling[quick_mine,2029] -0.3
 build[quick_mine,2029] limit_share[quick_mine,ore_fund,2029] -0.3
 build[quick_mine,2029] limit_private[0,2029] 0.3
 build[quick_mine,2030] limit_throughput[quick_mine,2031] -40.0
 build[quick_mine,2030] limit_units[quick_mine] 1.0
 build[quick_mine,2030] define_funding_floor[quick_mine,2030] -0.3
 build[quick_mine,2030] define_funding_ceiling[quick_mine,2030] -0.3
 build[quick_mine,2030] limit_share[quick_mine,ore_fund,2030] -0.3
 build[quick_mine,2030] limit_private[0,2030] 0.3
 build[quick_refinery,2026] limit_throughput[quick_refinery,2027] -40.0
 build[quick_refinery,2026] limit_throughput[quick_refinery,2028] -40.0
 build[quick_refinery,2026] limit_throughput[quick_refinery,2029] -40.0
 build[quick_refinery,2026] limit_throughput[quick_refinery,2030] -40.0
 build[quick_refinery,2026] limit_throughput[quick_refinery,2031] -40.0
 build[quick_refinery,2026] limit_units[quick_refinery] 1.0
 build[quick_refinery,2026] define_funding_floor[quick_refinery,2026] -0.6
 build[quick_refinery,2026] define_funding_ceiling[quick_refinery,2026] -0.6
 build[quick_refinery,2026] limit_share[quick_refinery,industry_fund,2026] -0.6
 build[quick_refinery,2026] limit_private[0,2026] 0.6
 build[quick_refinery,2027] limit_throughput[quick_refinery,2028] -40.0
 build[quick_refinery,2027] limit_throughput[quick_refinery,2029] -40.0
 build[quick_refinery,2027] limit_throughput[quick_refinery,2030] -40.0
 build[quick_refinery,2027] limit_throughput[quick_refinery,2031] -40.0
 build[quick_refinery,2027] limit_units[quick_refinery] 1.0
 build[quick_refinery,2027] define_funding_floor[quick_refinery,2027] -0.6
 build[quick_refinery,2027] define_funding_ceiling[quick_refinery,2027] -0.6
 build[quick_refinery,2027] limit_share[quick_refinery,industry_fund,2027] -0.6
 build[quick_refinery,2027] limit_private[0,2027] 0.6
 build[quick_refinery,2028] limit_throughput[quick_refinery,2029] -40.0
 build[quick_refinery,2028] limit_throughput[quick_refinery,2030] -40.0
 build[quick_refinery,2028] limit_throughput[quick_refinery,2031] -40.0
 build[quick_refinery,2028] limit_units[quick_refinery] 1.0
 build[quick_refinery,2028] define_funding_floor[quick_refinery,2028] -0.6
 build[quick_refinery,2028] define_funding_ceiling[quick_refinery,2028] -0.6
 build[quick_refinery,2028] limit_share[quick_refinery,industry_fund,2028] -0.6
 build[quick_refinery,2028] limit_private[0,2028] 0.6
 build[quick_refinery,2029] limit_throughput[quick_refinery,2030] -40.0
 build[quick_refinery,2029] limit_throughput[quick_refinery,2031] -40.0
 build[quick_refinery,2029] limit_units[quick_refinery] 1.0
 build[quick_refinery,2029] define_funding_floor[quick_refinery,2029] -0.6
 build[quick_refinery,2029] define_funding_ceiling[quick_refinery,2029] -0.6
 build[quick_refinery,2029] limit_share[quick_refinery,industry_fund,2029] -0.6
 build[quick_refinery,2029] limit_private[0,2029] 0.6
 build[quick_refinery,2030] limit_throughput[quick_refinery,2031] -40.0
 build[quick_refinery,2030] limit_units[quick_refinery] 1.0
 build[quick_refinery,2030] define_funding_floor[quick_refinery,2030] -0.6
 build[quick_refinery,2030] define_funding_ceiling[quick_refinery,2030] -0.6
 build[quick_refinery,2030] limit_share[quick_refinery,industry_fund,2030] -0.6
 build[quick_refinery,2030] limit_private[0,2030] 0.6
 MARKER109 'MARKER' 'INTEND'
 pay[great_mine,ore_fund,2027] define_funding_floor[great_mine,2027] 1.0
 pay[great_mine,ore_fund,2027] define_funding_ceiling[great_mine,2027] 1.0
 pay[great_mine,ore_fund,2027] limit_share[great_mine,ore_fund,2027] 1.0
 pay[great_mine,ore_fund,2027] limit_private[0,2027] -0.3333333333333333
 pay[great_mine,ore_fund,2027] limit_private[0,2028] -0.3333333333333333
 pay[great_mine,ore_fund,2027] limit_private[0,2029] -0.3333333333333333
 pay[great_mine,ore_fund,2027] limit_programme[ore_fund] 1.0
 pay[great_mine,ore_fund,2028] define_funding_floor[great_mine,2028] 1.0
 pay[great_mine,ore_fund,2028] define_funding_ceiling[great_mine,2028] 1.0
 pay[great_mine,ore_fund,2028] limit_share[great_mine,ore_fund,2028] 1.0
 pay[great_mine,ore_fund,2028] limit_private[0,2028] -0.3333333333333333
 pay[great_mine,ore_fund,2028] limit_private[0,2029] -0.3333333333333333
 pay[great_mine,ore_fund,2028] limit_private[0,2030] -0.3333333333333333
 pay[great_mine,ore_fund,2028] limit_programme[ore_fund] 1.0
 pay[great_refinery,industry_fund,2026] define_funding_floor[great_refinery,2026] 1.0
 pay[great_refinery,industry_fund,2026] define_funding_ceiling[great_refinery,2026] 1.0
 pay[great_refinery,industry_fund,2026] limit_share[great_refinery,industry_fund,2026] 1.0
 pay[great_refinery,industry_fund,2026] limit_private[0,2026] -0.5
 pay[great_refinery,industry_fund,2026] limit_private[0,2027] -0.5
 pay[great_refinery,industry_fund,2026] limit_programme[industry_fund] 1.0
 pay[great_refinery,industry_fund,2027] define_funding_floor[great_refinery,2027] 1.0
 pay[great_refinery,industry_fund,2027] define_funding_ceiling[great_refinery,2027] 1.0
 pay[great_refinery,industry_fund,2027] limit_share[great_refinery,industry_fund,2027] 1.0
 pay[great_refinery,industry_fund,2027] limit_private[0,2027] -0.5
 pay[great_refinery,industry_fund,2027] limit_private[0,2028] -0.5
 pay[great_refinery,industry_fund,2027] limit_programme[industry_fund] 1.0
 pay[great_refinery,industry_fund,2028] define_funding_floor[great_refinery,2028] 1.0
 pay[great_refinery,industry_fund,2028] define_funding_ceiling[great_refinery,2028] 1.0
 pay[great_refinery,industry_fund,2028] limit_share[great_refinery,industry_fund,2028] 1.0
 pay[great_refinery,industry_fund,2028] limit_private[0,2028] -0.5
 pay[great_refinery,industry_fund,2028] limit_private[0,2029] -0.5
 pay[great_refinery,industry_fund,2028] limit_programme[industry_fund] 1.0
 pay[great_refinery,industry_fund,2029] define_funding_floor[great_refinery,2029] 1.0
 pay[great_refinery,industry_fund,2029] define_funding_ceiling[great_refinery,2029] 1.0
 pay[great_refinery,industry_fund,2029] limit_share[great_refinery,industry_fund,2029] 1.0
 pay[great_refinery,industry_fund,2029] limit_private[0,2029] -0.5
 pay[great_refinery,industry_fund,2029] limit_private[0,2030] -0.5
 pay[great_refinery,industry_fund,2029] limit_programme[industry_fund] 1.0
 pay[new_hall,industry_fund,2026] define_funding_floor[new_hall,2026] 1.0
 pay[new_hall,industry_fund,2026] define_funding_ceiling[new_hall,2026] 1.0
 pay[new_hall,industry_fund,2026] limit_share[new_hall,industry_fund,2026] 1.0
 pay[new_hall,industry_fund,2026] limit_private[0,2026] -1.0
 pay[new_hall,industry_fund,2026] limit_programme[industry_fund] 1.0
 pay[new_hall,industry_fund,2027] define_funding_floor[new_hall,2027] 1.0
 pay[new_hall,industry_fund,2027] define_funding_ceiling[new_hall,2027] 1.0
 pay[new_hall,industry_fund,2027] limit_share[new_hall,industry_fund,2027] 1.0
 pay[new_hall,industry_fund,2027] limit_private[0,2027] -1.0
 pay[new_hall,industry_fund,2027] limit_programme[industry_fund] 1.0
 pay[new_hall,industry_fund,2028] define_funding_floor[new_hall,2028] 1.0
 pay[new_hall,industry_fund,2028] define_funding_ceiling[new_hall,2028] 1.0
 pay[new_hall,industry_fund,2028] limit_share[new_hall,industry_fund,2028] 1.0
 pay[new_hall,industry_fund,2028] limit_private[0,2028] -1.0
 pay[new_hall,industry_fund,2028] limit_programme[industry_fund] 1.0
 pay[new_hall,industry_fund,2029] define_funding_floor[new_hall,2029] 1.0
 pay[new_hall,industry_fund,2029] define_funding_ceiling[new_hall,2029] 1.0
 pay[new_hall,industry_fund,2029] limit_share[new_hall,industry_fund,2029] 1.0
 pay[new_hall,industry_fund,2029] limit_private[0,2029] -1.0
 pay[new_hall,industry_fund,2029] limit_programme[industry_fund] 1.0
 pay[new_hall,industry_fund,2030] define_funding_floor[new_hall,2030] 1.0
 pay[new_hall,industry_fund,2030] define_funding_ceiling[new_hall,2030] 1.0
 pay[new_hall,industry_fund,2030] limit_share[new_hall,industry_fund,2030] 1.0
 pay[new_hall,industry_fund,2030] limit_private[0,2030] -1.0
 pay[new_hall,industry_fund,2030] limit_programme[industry_fund] 1.0
 pay[new_works,industry_fund,2026] define_funding_floor[new_works,2026] 1.0
 pay[new_works,industry_fund,2026] define_funding_ceiling[new_works,2026] 1.0
 pay[new_works,industry_fund,2026] limit_share[new_works,industry_fund,2026] 1.0
 pay[new_works,industry_fund,2026] limit_private[0,2026] -1.0
 pay[new_works,industry_fund,2026] limit_programme[industry_fund] 1.0
 pay[new_works,industry_fund,2027] define_funding_floor[new_works,2027] 1.0
 pay[new_works,industry_fund,2027] define_funding_ceiling[new_works,2027] 1.0
 pay[new_works,industry_fund,2027] limit_share[new_works,industry_fund,2027] 1.0
 pay[new_works,industry_fund,2027] limit_private[0,2027] -1.0
 pay[new_works,industry_fund,2027] limit_programme[industry_fund] 1.0
 pay[new_works,industry_fund,2028] define_funding_floor[new_works,2028] 1.0
 pay[new_works,industry_fund,2028] define_funding_ceiling[new_works,2028] 1.0
 pay[new_works,industry_fund,2028] limit_share[new_works,industry_fund,2028] 1.0
 pay[new_works,industry_fund,2028] limit_private[0,2028] -1.0
 pay[new_works,industry_fund,2028] limit_programme[industry_fund] 1.0
 pay[new_works,industry_fund,2029] define_funding_floor[new_works,2029] 1.0
 pay[new_works,industry_fund,2029] define_funding_ceiling[new_works,2029] 1.0
 pay[new_works,industry_fund,2029] limit_share[new_works,industry_fund,2029] 1.0
 pay[new_works,industry_fund,2029] limit_private[0,2029] -1.0
 pay[new_works,industry_fund,2029] limit_programme[industry_fund] 1.0
 pay[new_works,industry_fund,2030] define_funding_floor[new_works,2030] 1.0
 pay[new_works,industry_fund,2030] define_funding_ceiling[new_works,2030] 1.0
 pay[new_works,industry_fund,2030] limit_share[new_works,industry_fund,2030] 1.0
 pay[new_works,industry_fund,2030] limit_private[0,2030] -1.0
 pay[new_works,industry_fund,2030] limit_programme[industry_fund] 1.0
 pay[quick_mine,ore_fund,2027] define_funding_floor[quick_mine,2027] 1.0
 pay[quick_mine,ore_fund,2027] define_funding_ceiling[quick_mine,2027] 1.0
 pay[quick_mine,ore_fund,2027] limit_share[quick_mine,ore_fund,2027] 1.0
 pay[quick_mine,ore_fund,2027] limit_private[0,2027] -1.0
 pay[quick_mine,ore_fund,2027] limit_programme[ore_fund] 1.0
 pay[quick_mine,ore_fund,2028] define_funding_floor[quick_mine,2028] 1.0
 pay[quick_mine,ore_fund,2028] define_funding_ceiling[quick_mine,2028] 1.0
 pay[quick_mine,ore_fund,2028] limit_share[quick_mine,ore_fund,2028] 1.0
 pay[quick_mine,ore_fund,2028] limit_private[0,2028] -1.0
 pay[quick_mine,ore_fund,2028] limit_programme[ore_fund] 1.0
 pay[quick_mine,ore_fund,2029] define_funding_floor[quick_mine,2029] 1.0
 pay[quick_mine,ore_fund,2029] define_funding_ceiling[quick_mine,2029] 1.0
 pay[quick_mine,ore_fund,2029] limit_share[quick_mine,ore_fund,2029] 1.0
 pay[quick_mine,ore_fund,2029] limit_private[0,2029] -1.0
 pay[quick_mine,ore_fund,2029] limit_programme[ore_fund] 1.0
 pay[quick_mine,ore_fund,2030] define_funding_floor[quick_mine,2030] 1.0
 pay[quick_mine,ore_fund,2030] define_funding_ceiling[quick_mine,2030] 1.0
 pay[quick_mine,ore_fund,2030] limit_share[quick_mine,ore_fund,2030] 1.0
 pay[quick_mine,ore_fund,2030] limit_private[0,2030] -1.0
 pay[quick_mine,ore_fund,2030] limit_programme[ore_fund] 1.0
 pay[quick_refinery,industry_fund,2026] define_funding_floor[quick_refinery,2026] 1.0
 pay[quick_refinery,industry_fund,2026] define_funding_ceiling[quick_refinery,2026] 1.0
 pay[quick_refinery,industry_fund,2026] limit_share[quick_refinery,industry_fund,2026] 1.0
 pay[quick_refinery,industry_fund,2026] limit_private[0,2026] -1.0
 pay[quick_refinery,industry_fund,2026] limit_programme[industry_fund] 1.0
 pay[quick_refinery,industry_fund,2027] define_funding_floor[quick_refinery,2027] 1.0
 pay[quick_refinery,industry_fund,2027] define_funding_ceiling[quick_refinery,2027] 1.0
 pay[quick_refinery,industry_fund,2027] limit_share[quick_refinery,industry_fund,2027] 1.0
 pay[quick_refinery,industry_fund,2027] limit_private[0,2027] -1.0
 pay[quick_refinery,industry_fund,2027] limit_programme[industry_fund] 1.0
 pay[quick_refinery,industry_fund,2028] define_funding_floor[quick_refinery,2028] 1.0
 pay[quick_refinery,industry_fund,2028] define_funding_ceiling[quick_refinery,2028] 1.0
 pay[quick_refinery,industry_fund,2028] limit_share[quick_refinery,industry_fund,2028] 1.0
 pay[quick_refinery,industry_fund,2028] limit_private[0,2028] -1.0
 pay[quick_refinery,industry_fund,2028] limit_programme[industry_fund] 1.0
 pay[quick_refinery,industry_fund,2029] define_funding_floor[quick_refinery,2029] 1.0
 pay[quick_refinery,industry_fund,2029] define_funding_ceiling[quick_refinery,2029] 1.0
 pay[quick_refinery,industry_fund,2029] limit_share[quick_refinery,industry_fund,2029] 1.0
 pay[quick_refinery,industry_fund,2029] limit_private[0,2029] -1.0
 pay[quick_refinery,industry_fund,2029] limit_programme[industry_fund] 1.0
 pay[quick_refinery,industry_fund,2030] define_funding_floor[quick_refinery,2030] 1.0
 pay[quick_refinery,industry_fund,2030] define_funding_ceiling[quick_refinery,2030] 1.0
 pay[quick_refinery,industry_fund,2030] limit_share[quick_refinery,industry_fund,2030] 1.0
 pay[quick_refinery,industry_fund,2030] limit_private[0,2030] -1.0
 pay[quick_refinery,industry_fund,2030] limit_programme[industry_fund] 1.0
 worst define_worst[2026] -1.0
 worst define_worst[2027] -1.0
 worst define_worst[2028] -1.0
 worst define_worst[2029] -1.0
 worst define_worst[2030] -1.0
 worst define_worst[2031] -1.0
 nothing objective[dependence] 0.0
RHS
 RHS meet_demand[Home|part|all,2026] 100.0
 RHS meet_demand[Home|part|all,2027] 100.0
 RHS meet_demand[Home|part|all,2028] 100.0
 RHS meet_demand[Home|part|all,2029] 100.0
 RHS meet_demand[Home|part|all,2030] 100.0
 RHS meet_demand[Home|part|all,2031] 100.0
 RHS limit_throughput[old_mine,2026] 30.0
 RHS limit_throughput[old_mine,2027] 30.0
 RHS limit_throughput[old_mine,2028] 30.0
 RHS limit_throughput[old_mine,2029] 30.0
 RHS limit_throughput[old_mine,2030] 30.0
 RHS limit_throughput[old_mine,2031] 30.0
 RHS limit_throughput[old_works,2027] 50.0
 RHS limit_throughput[old_works,2028] 50.0
 RHS limit_throughput[old_works,2029] 50.0
 RHS limit_throughput[old_works,2030] 50.0
 RHS limit_throughput[old_works,2031] 50.0
 RHS limit_units[great_mine] 1.0
 RHS limit_units[great_refinery] 1.0
 RHS limit_units[new_hall] 1.0
 RHS limit_units[new_works] 1.0
 RHS limit_units[quick_mine] 1.0
 RHS limit_units[quick_refinery] 1.0
 RHS limit_programme[industry_fund] 1.5
 RHS limit_programme[ore_fund] 0.5
BOUNDS
 UP BND short[Home|part|all,2026] 100.0
 UP BND short[Home|part|all,2027] 100.0
 UP BND short[Home|part|all,2028] 100.0
 UP BND short[Home|part|all,2029] 100.0
 UP BND short[Home|part|all,2030] 100.0
 UP BND short[Home|part|all,2031] 100.0
 FX BND build[great_mine,2026] 0.0
 UP BND build[great_mine,2027] 1.0
 UP BND build[great_mine,2028] 1.0
 UP BND build[great_refinery,2026] 1.0
 UP BND build[great_refinery,2027] 1.0
 UP BND build[great_refinery,2028] 1.0
 UP BND build[great_refinery,2029] 1.0
 UP BND build[new_hall,2026] 1.0
 UP BND build[new_hall,2027] 1.0
 UP BND build[new_hall,2028] 1.0
 UP BND build[new_hall,2029] 1.0
 UP BND build[new_hall,2030] 1.0
 UP BND build[new_works,2026] 1.0
 UP BND build[new_works,2027] 1.0
 UP BND build[new_works,2028] 1.0
 UP BND build[new_works,2029] 1.0
 UP BND build[new_works,2030] 1.0
 FX BND build[quick_mine,2026] 0.0
 UP BND build[quick_mine,2027] 1.0
 UP BND build[quick_mine,2028] 1.0
 UP BND build[quick_mine,2029] 1.0
 UP BND build[quick_mine,2030] 1.0
 UP BND build[quick_refinery,2026] 1.0
 UP BND build[quick_refinery,2027] 1.0
 UP BND build[quick_refinery,2028] 1.0
 UP BND build[quick_refinery,2029] 1.0
 UP BND build[quick_refinery,2030] 1.0
 FX BND nothing 0.0
ENDATA
