import './sealed/notes.ts'
import './sealed/seal.ts'
import './sealed/inspect.ts'
