// What the program says, in two languages. {name} is replaced by the argument of that name.
import { type Args } from "./trouble.js";

export type Language = "en" | "zh";

const texts: { readonly [code: string]: readonly [string, string] } = {
  // account numbers and lines
  "account.count": ["The number of accounts opened is out of range", "开户数量超出范围"],
  "account.erased": [
    "Account {account} was erased before this record",
    "账户 {account} 在此记录之前已被抹除",
  ],
  "account.number": ["“{text}” is no account number", "“{text}”不是账号"],
  "account.unknown": ["Account {account} was not opened before", "账户 {account} 此前未开立"],
  "accounts.balance": [
    "Balance: recomputed {expected}, stands {found}",
    "余额：重算为 {expected}，所载为 {found}",
  ],
  "accounts.line": [
    "accounts: a line is too long or does not end",
    "accounts：某行过长或未结束",
  ],
  "accounts.order": ["accounts: the order of accounts is wrong", "accounts：账户顺序有误"],
  "accounts.other": [
    "accounts: expected account {expected}, found {found}",
    "accounts：应为账户 {expected}，实为 {found}",
  ],
  "accounts.too_few": ["accounts: lines of accounts are missing", "accounts：缺少账户行"],
  "accounts.too_many": [
    "accounts: there are lines of accounts beyond the selection",
    "accounts：有超出所选范围的账户行",
  ],
  // blocks and bytes
  "block.cover": [
    "Block {block}: its items do not cover its records",
    "区块 {block}：各项未恰好覆盖其记录",
  ],
  "block.root": [
    "Block {block}: its records do not have the root that the log names",
    "区块 {block}：记录的树根与日志所载不同",
  ],
  "bytes.base64": ["{what}: not base64", "{what}：不是 base64"],
  "bytes.cut_short": ["{what}: ends too early", "{what}：提前结束"],
  "bytes.hex": [
    "{what}: not hexadecimal, or of another length",
    "{what}：不是十六进制，或长度不符",
  ],
  "bytes.left_over": ["{what}: something is left over at its end", "{what}：末尾有多余内容"],
  "bytes.utf8": ["{what}: not UTF-8", "{what}：不是 UTF-8"],
  "bytes.varint_size": ["{what}: a number is too large", "{what}：数字过大"],
  "bytes.varint_spelling": [
    "{what}: a number is not in its shortest form",
    "{what}：数字不是最短写法",
  ],
  "checkpoint.form": ["The checkpoint is malformed", "检查点格式有误"],
  "checkpoint.origin": [
    "The checkpoint is of another log: {origin}",
    "检查点属于另一日志：{origin}",
  ],
  "checkpoint.root": [
    "The root of the log: signed {expected}, recomputed {found}",
    "日志树根：签名为 {expected}，重算为 {found}",
  ],
  "checkpoint.size": [
    "The checkpoint covers {found} blocks, export.json says {expected}",
    "检查点覆盖 {found} 个区块，export.json 称 {expected}",
  ],
  "consent.purpose": ["A consent for an unknown purpose", "授权的用途未知"],
  "content.kind": ["A content of unknown kind: {kind}", "未知的内容类别：{kind}"],
  "content.size": ["A content is too large", "内容过大"],
  "decimal.form": ["“{text}” is no number", "“{text}”不是数字"],
  "decimal.too_long": ["“{text}” has too many digits", "“{text}”位数过多"],
  // editions
  "edition.content_missing": [
    "The edition names a content that does not stand before it: {hash}",
    "版次引用了此前没有的内容：{hash}",
  ],
  "edition.method_hash": [
    "Method {method}: the hash of its meaning is {expected}, the edition says {found}",
    "方法 {method}：其规范形式的哈希为 {expected}，版次所载为 {found}",
  ],
  "edition.method_missing": ["The edition has no method {method}", "版次中没有方法 {method}"],
  "edition.methods": [
    "The edition names other methods than it contains",
    "版次所列方法与其内容不符",
  ],
  "edition.no_scheme": [
    "The edition has no programme with a scheme",
    "版次中没有带计分规则的方案",
  ],
  "edition.other_programme": [
    "The edition's programme is another: {programme}",
    "版次中的方案是另一个：{programme}",
  ],
  "edition.zone_missing": ["The edition lacks the time zone {zone}", "版次缺少时区 {zone}"],
  // entries
  "entry.admitted": [
    "Block {block}: its time is before that of the block before",
    "区块 {block}：时间早于前一区块",
  ],
  "entry.editions": [
    "Block {block}: editions before it: recomputed {expected}, stands {found}",
    "区块 {block}：此前版次：重算为 {expected}，所载为 {found}",
  ],
  "entry.first": [
    "Block {block}: its first record is {found}, expected {expected}",
    "区块 {block}：首记录为 {found}，应为 {expected}",
  ],
  "entry.format": ["An entry of the log is of another format", "日志条目格式不同"],
  "entry.records": [
    "An entry of the log names an impossible number of records",
    "日志条目的记录数不可能",
  ],
  "entry.size": ["An entry of the log is empty or too large", "日志条目为空或过大"],
  "entry.totals": [
    "Block {block}: totals: recomputed {expected}, stands {found}",
    "区块 {block}：合计：重算为 {expected}，所载为 {found}",
  ],
  "erasure.amounts": [
    "Erased records of {programme} post {expected} {asset}, erasures say {found}",
    "{programme} 已抹除记录共记 {expected} {asset}，抹除记录称 {found}",
  ],
  "erasure.balances": ["The balances of an erasure are malformed", "抹除记录中的余额格式有误"],
  "erasure.records": [
    "{expected} records are erased, erasures say {found}",
    "已抹除 {expected} 条记录，抹除记录称 {found} 条",
  ],
  "erasure.still_readable": [
    "Account {account} was erased, and records of it are readable",
    "账户 {account} 已抹除，但仍有可读记录",
  ],
  "erasure.twice": ["The account was erased before", "该账户此前已抹除"],
  // events
  "event.account_frozen": ["Account {account} was frozen", "账户 {account} 已冻结"],
  "event.actor_not_accepted": [
    "An account of this kind may not take part: {actor}",
    "此类账户不可参加：{actor}",
  ],
  "event.amount": [
    "{asset}: the method gives {expected}, stands {found}",
    "{asset}：按方法应为 {expected}，所载为 {found}",
  ],
  "event.bad_length": ["The act is longer than six hours", "行为超过六小时"],
  "event.credited": [
    "{asset}: {expected} should be credited, {found} was",
    "{asset}：应计入 {expected}，实计 {found}",
  ],
  "event.flags": ["An event with unknown flags: {flags}", "事件标志未知：{flags}"],
  "event.form": ["An event is malformed", "事件格式有误"],
  "event.id": ["An event's id is too long", "事件标识过长"],
  "event.in_future": [
    "The act lies more than an hour ahead of its admission",
    "行为时间晚于收录时间一小时以上",
  ],
  "event.limits": [
    "What limits it: recomputed {expected}, stands {found} (1 cap, 2 same act)",
    "限制原因：重算为 {expected}，所载为 {found}（1 上限，2 同一行为）",
  ],
  "event.method_not_valid": [
    "The day lies outside the programme's dates of the method",
    "日期超出方案规定的方法适用期",
  ],
  "event.more_than_computed": [
    "{asset}: more was credited than the method gives",
    "{asset}：计入量多于方法所得",
  ],
  "event.no_consent": [
    "The holder of {account} had not agreed to this source",
    "账户 {account} 的持有人未授权该来源",
  ],
  "event.nothing_to_replace": [
    "Record {earlier} is no event of this source and account that could be replaced",
    "记录 {earlier} 不是该来源与账户的可更正事件",
  ],
  "event.old_epoch": ["The source had begun a new epoch", "该来源已进入新纪元"],
  "event.old_rule": [
    "Rule {rule} is of an edition that was not in force any more",
    "规则 {rule} 所属版次已不再有效",
  ],
  "event.other_programme": [
    "Account, source and rule belong to different programmes",
    "账户、来源与规则属于不同方案",
  ],
  "event.padding": ["The hidden part of an event is padded wrongly", "事件隐藏部分的填充有误"],
  "event.points": [
    "Points taken back: recomputed {expected}, stands {found}",
    "收回积分：重算为 {expected}，所载为 {found}",
  ],
  "event.replaced_before": [
    "Record {earlier} was corrected or withdrawn before",
    "记录 {earlier} 此前已更正或撤回",
  ],
  "event.sequence": ["The number of an event is too large", "事件序号过大"],
  "event.source_instructs": [
    "Source {source} asks for transactions and reports no events",
    "来源 {source} 只请求交易，不上报事件",
  ],
  "event.source_revoked": ["Source {source} was revoked", "来源 {source} 已被吊销"],
  "event.taken_amount": [
    "{asset}: {expected} should be taken back from record {earlier}, {found} was",
    "{asset}：应从记录 {earlier} 收回 {expected}，实为 {found}",
  ],
  "event.taken_rule": [
    "The rule of record {earlier}, which is taken back, is another",
    "被收回的记录 {earlier} 所用规则不同",
  ],
  "event.taken_time": [
    "The time of record {earlier}, which is taken back, is another",
    "被收回的记录 {earlier} 时间不同",
  ],
  "event.tier_not_accepted": [
    "The scheme gives the tier of this source no worth",
    "方案未认可该来源的凭证等级",
  ],
  "event.time": ["The time of an event is malformed", "事件时间格式有误"],
  "event.too_late": [
    "The act was admitted later than the scheme allows",
    "收录晚于方案允许的期限",
  ],
  "event.twice": [
    "The event {name} of {source} was credited before",
    "来源 {source} 的事件 {name} 此前已计入",
  ],
  "event.unknown_rule": [
    "There is no rule {rule} before this record",
    "此记录之前没有规则 {rule}",
  ],
  "event.unknown_stream": [
    "There is no source numbered {stream} before this record",
    "此记录之前没有编号 {stream} 的来源",
  ],
  // examples
  "example.agrees": ["It agrees, though it is said not to", "声明不可复现的例子却可复现"],
  "example.differs": [
    "{output}: expected {expected}, recomputed {found}",
    "{output}：应为 {expected}，重算为 {found}",
  ],
  "example.missing": [
    "The example lacks {name}, or it is of the wrong kind",
    "例子缺少 {name}，或类型有误",
  ],
  "example.range": ["{name} lies outside its range", "{name} 超出范围"],
  // export.json
  "export.format": ["export.json is of another format", "export.json 格式不同"],
  "export.given": [
    "Records given: {expected} counted, export.json says {found}",
    "所给记录：实有 {expected} 条，export.json 称 {found} 条",
  ],
  "export.key": [
    "The export's key is {found}, and not {expected}",
    "导出的公钥为 {found}，而非 {expected}",
  ],
  "export.totals": [
    "Totals: recomputed {expected}, export.json says {found}",
    "合计：重算为 {expected}，export.json 称 {found}",
  ],
  "factor.ambiguous": ["Two values of {factor} fit equally", "{factor} 有两个值同样适用"],
  "factor.none": ["No published value of {factor} fits", "没有已发布且适用的 {factor} 值"],
  "file.missing": ["{file} cannot be read", "无法读取 {file}"],
  "file.too_large": ["{file} is larger than {limit} bytes", "{file} 超过 {limit} 字节"],
  // formulas and methods
  "formula.arguments": ["{method}: {name} has wrong arguments", "{method}：{name} 的参数有误"],
  "formula.condition_as_number": [
    "{method}: a condition stands for a number",
    "{method}：条件被用作数值",
  ],
  "formula.form": ["A formula cannot be read: {formula}", "公式无法读取：{formula}"],
  "formula.number_as_condition": [
    "{method}: a number stands for a condition",
    "{method}：数值被用作条件",
  ],
  "formula.root": [
    "{method}: the unit {name} has no square root",
    "{method}：单位 {name} 不能开方",
  ],
  "formula.substance": [
    "{method}: no mass of {name} stands there",
    "{method}：此处不是 {name} 的质量",
  ],
  "formula.transcendental": [
    "{method}: this verifier does not recompute exp, ln and pow",
    "{method}：本验证器不重算 exp、ln 和 pow",
  ],
  "formula.unknown_choice": ["{method}: unknown choice {name}", "{method}：未知选项 {name}"],
  "formula.unknown_function": [
    "{method}: unknown function {name}",
    "{method}：未知函数 {name}",
  ],
  "formula.unknown_name": ["{method}: unknown name {name}", "{method}：未知名称 {name}"],
  "json.form": ["{what}: not JSON", "{what}：不是 JSON"],
  "json.limit": ["{what}: too large or too deep", "{what}：过大或嵌套过深"],
  "json.member": [
    "{what}: {key} is missing or of the wrong kind",
    "{what}：{key} 缺失或类型有误",
  ],
  "json.no_object": ["{what}: not an object", "{what}：不是对象"],
  "json.not_canonical": ["{what}: not in canonical form", "{what}：不是规范形式"],
  "json.unknown_key": ["{what}: unknown key {key}", "{what}：未知键 {key}"],
  "library.twice": ["Source {id} stands twice", "来源 {id} 重复"],
  "library.unknown_source": ["There is no source {id}", "没有来源 {id}"],
  "method.asset": ["Unknown asset {asset}", "未知资产 {asset}"],
  "method.format": ["{what} is no method of format 1", "{what} 不是格式 1 的方法"],
  "method.input_type": ["Unknown type of input: {type}", "未知输入类型：{type}"],
  "method.look_up_input": [
    "{method}: the look-up of {name} has no region or day",
    "{method}：{name} 的查找缺少地区或日期",
  ],
  "method.not_finite": ["The method gives no finite number", "方法结果不是有限数"],
  "method.out_of_range": ["{input} lies outside its range", "{input} 超出范围"],
  "method.parameter_missing": [
    "{method}: no value of {name} was published",
    "{method}：{name} 没有已发布的值",
  ],
  "method.parameter_range": [
    "{method}: {name} lies outside its range",
    "{method}：{name} 超出范围",
  ],
  "method.points": ["A table's points are malformed", "表格各点格式有误"],
  "method.range": ["“{text}” is no range", "“{text}”不是区间"],
  "method.tier": [
    "Tier {tier} is unknown, or its worth is not from 0 to 1",
    "等级 {tier} 未知，或折算值不在 0 到 1 之间",
  ],
  "method.too_large": ["The method gives more than 64 bits hold", "方法结果超出 64 位"],
  "method.years_back": ["{parameter}: years_back is too large", "{parameter}：years_back 过大"],
  // notes
  "note.form": ["A signed note is malformed", "签名文本格式有误"],
  "note.key": ["That is no public key of a log: NAME+HASH+KEY", "不是日志公钥：NAME+HASH+KEY"],
  "note.key_hash": ["The public key and its hash do not fit", "公钥与其哈希不符"],
  "note.not_signed": ["Not signed by {name}", "没有 {name} 的签名"],
  "note.signature": ["The signature is wrong", "签名有误"],
  "note.too_large": ["A signed note is too large", "签名文本过大"],
  "passbook.previous": [
    "Account {account}: the record before it is {expected} (-1: none), it names {found}",
    "账户 {account}：前一记录为 {expected}（-1 为无），所载为 {found}",
  ],
  // programmes
  "posting.form": ["A posting is malformed", "分录格式有误"],
  "programme.amount": [
    "{what}.{key}: not a whole number of smallest units above zero",
    "{what}.{key}：不是大于零的最小单位整数倍",
  ],
  "programme.asset": ["{what}.{key}: no asset", "{what}.{key}：不是资产"],
  "programme.exclusive_key": [
    "{type}: the key of its exclusive group is unknown",
    "{type}：排他组的键未知",
  ],
  "programme.input": [
    "{type}: the line of input {name} is missing or wrong",
    "{type}：输入 {name} 的规定缺失或有误",
  ],
  "programme.no_asset": ["{type}: no output has an asset", "{type}：没有可入账的结果"],
  "programme.not_whole": [
    "A cap or point_for is no whole number of smallest units",
    "上限或 point_for 不是最小单位的整数倍",
  ],
  "programme.point_for": ["point_for is out of range", "point_for 超出范围"],
  "programme.range": ["{key} is out of range", "{key} 超出范围"],
  "programme.too_many_amounts": ["A rule has more than four amounts", "规则的金额超过四项"],
  "programme.too_many_caps": ["There are too many caps or groups", "上限或组过多"],
  "programme.too_many_fields": ["A rule has more than eight fields", "规则的字段超过八个"],
  "programme.too_many_rules": ["There are too many rules", "规则过多"],
  "programme.unknown": [
    "Programme {programme} was not published before",
    "方案 {programme} 此前未发布",
  ],
  "programme.window": ["Unknown window of a cap: {per}", "未知的上限周期：{per}"],
  // receipts
  "receipt.block_proof": [
    "Record {record}: the proof does not lead to the block's root",
    "记录 {record}：证明未通向区块的树根",
  ],
  "receipt.format": ["The receipt is of another format", "凭据格式不同"],
  "receipt.hidden": [
    "Record {record}: the hidden part is not the one that was committed to",
    "记录 {record}：隐藏部分与承诺不符",
  ],
  "receipt.log_proof": [
    "Block {block}: the proof does not lead to the log's root",
    "区块 {block}：证明未通向日志的树根",
  ],
  "receipt.not_in_block": [
    "Record {record} does not lie in block {block}",
    "记录 {record} 不在区块 {block} 中",
  ],
  "receipt.open_empty": ["The open part is empty", "公开部分为空"],
  "receipt.proof_size": ["{key}: too many hashes", "{key}：哈希过多"],
  "receipt.too_large": ["The receipt is too large", "凭据过大"],
  // records
  "record.erased_form": ["An erased part has bytes left", "抹除部分仍有残留字节"],
  "record.kind": ["A record of unknown form: {kind}", "记录形式未知：{kind}"],
  "record.meaning": [
    "A record's kind and parts do not fit: {kind}",
    "记录类别与组成不符：{kind}",
  ],
  "record.size": ["A record's size is out of range", "记录大小超出范围"],
  "record.unknown_kind": [
    "A record of kind {kind}: this verifier does not know it, so balances may differ",
    "类别 {kind} 的记录：本验证器尚不认识，余额可能因此不同",
  ],
  "records.block_missing": ["Block {block} is not given", "未给出区块 {block}"],
  "records.empty_block": [
    "Block {block} is named, and no record of it is given",
    "列出了区块 {block}，却未给出任何记录",
  ],
  "records.item": ["records: an item begins with {byte}", "records：某项以 {byte} 开头"],
  "records.no_such_block": [
    "records: there is no block {block} below the checkpoint",
    "records：检查点之下没有区块 {block}",
  ],
  "records.not_given": [
    "Block {block}: records are left out, though all were asked for",
    "区块 {block}：本应给出全部记录，却有缺失",
  ],
  "records.order": [
    "records: block {block} stands out of order",
    "records：区块 {block} 次序有误",
  ],
  "region.edge_type": ["Unknown type of edge: {type}", "未知的连接类型：{type}"],
  "region.twice": ["Region {code} stands twice", "地区 {code} 重复"],
  "region.unknown": ["There is no region {code}", "没有地区 {code}"],
  "selection.account": [
    "A record of account {account} was not asked for",
    "账户 {account} 的记录不在所选范围",
  ],
  "selection.erased": [
    "An erased record is given, though one account was asked for",
    "只选一个账户，却给出了已抹除的记录",
  ],
  "selection.programme": [
    "A record of account {account} is of another programme",
    "账户 {account} 的记录属于另一方案",
  ],
  "source.changed": [
    "Source {source} changed its tier, numbering or programme without a new epoch",
    "来源 {source} 未进入新纪元便更改了等级、编号方式或方案",
  ],
  "source.tier": ["A source's tier is unknown", "来源的凭证等级未知"],
  "time.day": ["“{text}” is no day", "“{text}”不是日期"],
  "toml.form": ["{what}: not TOML ({why})", "{what}：不是 TOML（{why}）"],
  "toml.limit": ["{what}: larger than 1 MiB", "{what}：超过 1 MiB"],
  "tree.subtree_position": [
    "A subtree stands at a place that is no multiple of its size",
    "子树位置不是其大小的倍数",
  ],
  "transaction.beyond_balance": [
    "Account {account} has less {asset} than is set aside, by {missing}",
    "账户 {account} 的 {asset} 少于已冻结的数额，差 {missing}",
  ],
  "transaction.change": [
    "Change {at}: decided {expected}, stands {found}",
    "变动 {at}：重新判定为 {expected}，所载为 {found}",
  ],
  "transaction.form": [
    "A change of a transaction is malformed: {key}",
    "交易的变动有误：{key}",
  ],
  "transaction.hold_not_left": [
    "Of hold {hold} {amount} is taken or placed, where {left} is left",
    "冻结 {hold} 被动用或设立 {amount}，而其余额为 {left}",
  ],
  "transaction.illegal_change": [
    "{what} cannot go from “{from}” to “{to}”",
    "{what} 不能从“{from}”变为“{to}”",
  ],
  "transaction.leg": [
    "Posting {leg}: decided {expected}, stands {found}",
    "第 {leg} 条分录：重新判定为 {expected}，所载为 {found}",
  ],
  "transaction.leg_count": [
    "Postings: decided {expected}, stand {found}",
    "分录条数：重新判定为 {expected}，所载为 {found}",
  ],
  "transaction.legs": [
    "The transaction has {expected} postings, {found} follow it",
    "交易应有 {expected} 条分录，实有 {found} 条",
  ],
  "transaction.no_such_leg": [
    "A change names posting {leg}, which there is not",
    "变动引用了不存在的第 {leg} 条分录",
  ],
  "transaction.no_such_units": [
    "Units {units} {first} to {last} are not together, or were never issued",
    "单位 {units} 编号 {first} 至 {last} 并非一体，或从未签发",
  ],
  "transaction.not_allowed": [
    "Source {source} may not ask for the action {action}",
    "来源 {source} 不得请求操作 {action}",
  ],
  "transaction.number": [
    "The next {what} is {expected}, the record says {found}",
    "下一个 {what} 应为 {expected}，记录所载为 {found}",
  ],
  "transaction.other_programme": [
    "Transaction, source and account belong to different programmes",
    "交易、来源与账户属于不同方案",
  ],
  "transaction.period_closed": [
    "Something is shared in period {period}, which is closed, or it is closed again",
    "期间 {period} 已结清，却又分配或再次结清",
  ],
  "transaction.refused": [
    "The rules do not allow this {action}: {why}",
    "规则不允许此 {action}：{why}",
  ],
  "transaction.reversed_twice": [
    "Record {record} was reversed before",
    "记录 {record} 此前已被冲销",
  ],
  "transaction.stray_posting": [
    "A posting does not stand where its transaction says",
    "分录不在其交易所指的位置",
  ],
  "transaction.units_missing": [
    "Units of a class do not add up: {units}",
    "某类单位的数目不平：{units}",
  ],
  "unit.mismatch": ["{from} cannot become {to}", "{from} 不能换算为 {to}"],
  "unit.power": ["A unit's exponent is too large", "单位指数过大"],
  "unit.unknown": ["Unknown unit {unit}", "未知单位 {unit}"],
  "zone.form": ["The time zone {zone} is malformed", "时区 {zone} 格式有误"],
  // what the commands say
  "say.record": ["record {record}: {text}", "记录 {record}：{text}"],
  "say.more": ["… and {more} further differences", "……另有 {more} 处不符"],
  "say.differences": ["Differs: {count}", "不符：{count} 处"],
  "say.agrees": ["Everything agrees", "全部相符"],
  "say.receipt": [
    "Good: record {record} is in the log {origin} of {blocks} blocks, admitted {admitted}",
    "有效：记录 {record} 在日志 {origin}（{blocks} 个区块）中，收录于 {admitted}",
  ],
  "say.own_key": [
    "The key is the export's own: {key}. Compare it with one from elsewhere.",
    "公钥取自导出本身：{key}。请与其他渠道公布的公钥核对。",
  ],
  "say.export": [
    "{blocks} blocks, {records} records in the journal; {given} given, {events} of them events",
    "日志 {blocks} 个区块、{records} 条记录；给出 {given} 条，其中事件 {events} 条",
  ],
  "say.recomputed": [
    "{recomputed} events recomputed, {erased} records erased, {editions} editions, {accounts} " +
      "accounts opened",
    "重算事件 {recomputed} 条，已抹除记录 {erased} 条，版次 {editions} 个，开立账户 {accounts} 个",
  ],
  "say.posted": ["Posted: {posted}", "入账合计：{posted}"],
  "say.transactions": [
    "{transactions} transactions: {decided} decided again",
    "交易 {transactions} 笔：重新判定 {decided} 笔",
  ],
  "say.undecided_account": [
    "{count} transactions could be decided in part only, or not: the export holds one account, and " +
      "the outcome depends on others",
    "{count} 笔交易只能部分判定或无法判定：导出只含一个账户，而结果还取决于其他账户",
  ],
  "say.undecided_erased": [
    "{count} transactions could not be decided: what was asked for, or a posting, is erased",
    "{count} 笔交易无法判定：所请求的内容或某条分录已抹除",
  ],
  "say.undecided_since": [
    "{count} transactions could be decided in part only, or not: the export holds nothing from " +
      "before “since”",
    "{count} 笔交易只能部分判定或无法判定：导出不含起始日之前的内容",
  ],
  "say.partial": [
    "With “since”: what was credited and balances cannot be recomputed, only what methods give",
    "含起始日：只能重算方法所得，不能重算计入量和余额",
  ],
  "say.example_good": ["agrees: {title}", "相符：{title}"],
  "say.example_bad": ["DIFFERS: {title}", "不符：{title}"],
  "say.examples": [
    "{id} {version}: {good} of {all} worked examples agree",
    "{id} {version}：{all} 个算例中 {good} 个相符",
  ],
  "say.usage": [
    "Usage:\n  verify receipt FILE --key KEY\n  verify export FOLDER [--key KEY] [--threads N]\n" +
      "  verify method FILE --library FOLDER [--as-of DAY]\nAll: --lang en|zh, --json\n" +
      "Exit code: 0 all agrees, 1 something differs, 2 bad input",
    "用法：\n  verify receipt 文件 --key 公钥\n  verify export 文件夹 [--key 公钥] [--threads 数]\n" +
      "  verify method 文件 --library 文件夹 [--as-of 日期]\n均可加 --lang en|zh、--json\n" +
      "退出码：0 全部相符，1 有不符，2 输入有误",
  ],
};

export const known_codes: readonly string[] = Object.keys(texts);

export function say(language: Language, code: string, args: Args = {}): string {
  const pair = texts[code];
  if (!pair) return `${code} ${JSON.stringify(args)}`;
  return pair[language === "zh" ? 1 : 0].replace(/\{([a-z_]+)\}/g, (all, name: string) =>
    Object.hasOwn(args, name) ? String(args[name]) : all,
  );
}
