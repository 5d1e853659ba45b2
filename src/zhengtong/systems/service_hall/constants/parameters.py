"""What a county sets for its hall: limits, numbers, words."""

from zhengtong.kernel import parameters

ACCEPTANCE_LIMIT = parameters.declare(
    "service_hall.acceptance_limit",
    default="5 WD",
    label="受理期限",
    unit="",
    source="行政许可法 第三十二条第一款第（四）项",
    confirmed=True,
).key
INSTANT_LIMIT = parameters.declare(
    "service_hall.instant_limit",
    default="1 WD",
    label="即办件办理期限",
    unit="",
    source="GB/T 39046 即办件（当日办结，夜间和休息日提交的顺延一个工作日）",
    confirmed=False,
).key
SUPPLEMENT_LIMIT = parameters.declare(
    "service_hall.supplement_limit",
    default="15 WD",
    label="申请人补正期限",
    unit="",
    source="本地办事规则",
    confirmed=False,
).key
DELIVERY_LIMIT = parameters.declare(
    "service_hall.delivery_limit",
    default="10 WD",
    label="证照送达期限",
    unit="",
    source="行政许可法 第四十四条",
    confirmed=True,
).key
BATCH_LIMIT = parameters.declare(
    "service_hall.batch_limit",
    default=20,
    label="一次批量办理最多多少件",
    unit="件",
    source="本地办事规则",
    confirmed=False,
).key
SIMILAR_MONTHS = parameters.declare(
    "service_hall.similar_months",
    default=12,
    label="类似办件往前查多少个月",
    unit="个月",
    source="本地办事规则",
    confirmed=False,
).key
HEARING_OF_HOLDER = parameters.declare(
    "service_hall.hearing_of_holder",
    default=5,
    label="撤销许可以前持有人陈述、申辩的期限",
    unit="个工作日",
    source="本地办事规则（正当程序；法律没有规定统一期限）",
    confirmed=False,
).key
REMINDER_DAYS = parameters.declare(
    "service_hall.reminder_days",
    default=[60, 30, 7],
    label="证照到期以前多少天各提醒一次",
    unit="天",
    source="本地办事规则",
    confirmed=False,
).key
LICENCE_PROCESSES = parameters.declare(
    "service_hall.licence_processes",
    default={"replacement": "instant", "cancellation": "standard"},
    label="补发、注销申请走的流程（本县没有部署的，走事项自己的流程）",
    unit="",
    source="本地办事规则",
    confirmed=False,
).key
REUSE_MONTHS = parameters.declare(
    "service_hall.reuse_months",
    default=12,
    label="以前交过的材料多少个月以内可以再用",
    unit="个月",
    source="本地办事规则",
    confirmed=False,
).key
PAPER_ALIASES = parameters.declare(
    "service_hall.paper_aliases",
    default={
        "营业执照": ["营业执照或者登记证书", "市场主体登记证明", "主体资格证明"],
        "食品经营许可证": ["食品经营许可证明"],
    },
    label="证照名称与事项材料名称的对应（证照名称：可以当作哪些材料）",
    unit="",
    source="本地材料目录",
    confirmed=False,
).key
COMMITMENT_PROCESS = parameters.declare(
    "service_hall.commitment_process",
    default="commitment",
    label="选择告知承诺的申请走的流程（本县没有部署的，走事项自己的流程）",
    unit="",
    source="国办发〔2020〕42号（受理后当场作出决定）",
    confirmed=False,
).key
PUBLIC_NOTICE_DAYS = parameters.declare(
    "service_hall.public_notice_days",
    default=5,
    label="公示最短天数（办事指南没有规定的）",
    unit="个工作日",
    source="地方工作惯例",
    confirmed=False,
).key
INSPECTION_AHEAD = parameters.declare(
    "service_hall.inspection_ahead",
    default=1,
    label="现场勘验至少提前多久告知申请人",
    unit="个工作日",
    source="地方工作惯例",
    confirmed=False,
).key
DELIVERY_FEE_WORDS = parameters.declare(
    "service_hall.delivery_fee_words",
    default="邮寄费由收件人到付",
    label="邮寄证照的费用说明",
    unit="",
    source="本地办事规则",
    confirmed=False,
).key
COLLECT_REMINDER_DAYS = parameters.declare(
    "service_hall.collect_reminder_days",
    default=5,
    label="证照到领取点后几天没有领取就提醒一次",
    unit="日",
    source="本地办事规则",
    confirmed=False,
).key
COLLECT_REMINDERS = parameters.declare(
    "service_hall.collect_reminders",
    default=3,
    label="证照没有领取最多提醒几次",
    unit="次",
    source="本地办事规则",
    confirmed=False,
).key
CORRECTION_LIMIT = parameters.declare(
    "service_hall.correction_limit",
    default=15,
    label="答复个人信息更正申请的期限",
    unit="个工作日",
    source="本地办事规则（个人信息保护法 第四十六条、第五十条规定及时处理，没有规定天数）",
    confirmed=False,
).key
DATA_KEEPER = parameters.declare(
    "service_hall.data_keeper",
    default="",
    label="负责实名信息和本平台账户的单位（机构编码；空的由有窗口收件员的第一个单位负责）",
    unit="",
    source="本地职责分工",
    confirmed=False,
).key
LOOKUP_TRIES = parameters.declare(
    "service_hall.lookup_tries",
    default=10,
    label="进度查询十分钟内同一浏览器可以查错的次数",
    unit="次",
    source="本地安全策略",
    confirmed=True,
).key
LOOKUP_TRIES_OF_ADDRESS = parameters.declare(
    "service_hall.lookup_tries_of_address",
    default=60,
    label="进度查询十分钟内同一网络地址可以查错的次数（大厅内多人共用一个地址）",
    unit="次",
    source="本地安全策略",
    confirmed=True,
).key
TRIPS_BEFORE = parameters.declare(
    "service_hall.trips_before",
    default={"": 2},
    label="网上办理以前每办一件要到现场的次数（按事项编码，空的为其他事项；递交一次、领证一次）",
    unit="次",
    source="“少跑”次数的算法：每件网办以前的次数减去实际到现场次数，各地口径不同",
    confirmed=False,
).key
RANKED_FROM = parameters.declare(
    "service_hall.ranked_from",
    default=5,
    label="办件月报中办结多少件以上的单位才比较按期办结率",
    unit="件",
    source="地方通报惯例（件数太少的比例没有意义）",
    confirmed=False,
).key
REPORT_UNIT = parameters.declare(
    "service_hall.report_unit",
    default="",
    label="办件月报由哪个单位制发（机构编码；空的由第一个有政务大厅管理员的单位，没有的由第一个有监察员的单位）",
    unit="",
    source="本地职责分工",
    confirmed=False,
).key
COURIER_WINDOW = parameters.declare(
    "service_hall.courier_window",
    default=600,
    label="寄递企业回报的时间戳与本机相差多久以内有效",
    unit="秒",
    source="本地安全策略",
    confirmed=True,
).key
