import { registerGenerateCommand } from './commands/generate/register-generate-command.ts'
import { runProcess } from './run-process.ts'

// A script has no await at its top.
void runProcess(import.meta.dirname, (program, { surroundings }) => {
  registerGenerateCommand(program, surroundings)
}).then(exitCode => {
  process.exitCode = exitCode
})
