import './cli/seal.ts'
import './cli/status.ts'
import './cli/inventory.ts'
