import './commands/inventory.ts'
import './commands/seal.ts'
import './commands/status.ts'
