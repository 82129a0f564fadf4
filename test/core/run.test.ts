import './run/decide.ts'
import './run/record-merge.ts'
import './run/properties.ts'
import './run/decision.ts'
