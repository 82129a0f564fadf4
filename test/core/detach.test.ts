import './detach/plan.ts'
import './detach/dependents.ts'
import './detach/record.ts'
