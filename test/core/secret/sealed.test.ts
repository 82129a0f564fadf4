import './sealed/seal.ts'
import './sealed/inspect.ts'
