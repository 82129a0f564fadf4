import './shard/classify.ts'
import './shard/texts.ts'
import './shard/join.ts'
import './shard/plan.ts'
