import { registerGenerateCommand } from './commands/generate/register-generate-command.ts'
import { runProcess } from './run-process.ts'

// A script has no await at its top: Node ends it with 0 where nothing is left that could bring the answer, and Argo CD would
// take its silence for a render without objects.
const unanswered = 13
process.exitCode = unanswered
process.once('exit', exitCode => {
  if (exitCode !== unanswered) return
  process.stderr.write('sower: an unexpected error: the render ended without a result\n')
  process.exitCode = 1
})

void runProcess(import.meta.dirname, (program, { surroundings }) => {
  registerGenerateCommand(program, surroundings)
}).then(exitCode => {
  process.exitCode = exitCode
})
