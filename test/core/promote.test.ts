import './promote/set-fields.ts'
import './promote/plan-promotion.ts'
import './promote/refuse-promotion.ts'
