import { registerDemoCommand } from './commands/demo/register-demo-command.ts'
import { registerGenerateCommand } from './commands/generate/register-generate-command.ts'
import { registerInventoryCommand } from './commands/inventory/register-inventory-command.ts'
import { registerAccessCommand } from './commands/access/register-access-command.ts'
import { registerBotCommand } from './commands/bot/register-bot-command.ts'
import { registerCompletionCommand } from './commands/completion/register-completion-command.ts'
import { registerDoctorCommand } from './commands/doctor/register-doctor-command.ts'
import { registerEditCommands } from './commands/detach/register-edit-commands.ts'
import { registerForgetCommand } from './commands/forget/register-forget-command.ts'
import { registerInitCommand } from './commands/init/register-init-command.ts'
import { registerPreflightCommand } from './commands/preflight/register-preflight-command.ts'
import { registerCompareCommand } from './commands/compare/register-compare-command.ts'
import { registerPromoteCommand } from './commands/promote/register-promote-command.ts'
import { registerRehearseCommand } from './commands/rehearse/register-rehearse-command.ts'
import { registerRequestCommand } from './commands/request/register-request-command.ts'
import { registerRbacCommand } from './commands/rbac/register-rbac-command.ts'
import { registerRunCommand } from './commands/run/register-run-command.ts'
import { registerScanCommand } from './commands/scan/register-scan-command.ts'
import { registerCheckCommand } from './commands/check/register-check-command.ts'
import { registerInspectCommand } from './commands/inspect/register-inspect-command.ts'
import { registerSealCommand } from './commands/seal/register-seal-command.ts'
import { registerStatusCommand } from './commands/status/register-status-command.ts'
import { registerVersionCommand } from './commands/version/register-version-command.ts'
import type { Declare } from './run-command-line.ts'

/** Declares every command of the program. */
export const declareCommands: Declare = async (program, { surroundings, redactor, words }) => {
  program.commandsGroup('Detach a cluster:')
  registerEditCommands(program, surroundings)
  registerPreflightCommand(program, surroundings, redactor)
  registerStatusCommand(program, surroundings, redactor)
  program.commandsGroup('Make a seed image:')
  registerRequestCommand(program, surroundings, redactor)
  await registerRunCommand(program, { surroundings, redactor, words })
  registerSealCommand(program, surroundings)
  registerInspectCommand(program, surroundings)
  registerAccessCommand(program, surroundings, redactor)
  registerForgetCommand(program, surroundings)
  registerCompareCommand(program, surroundings, redactor)
  registerPromoteCommand(program, surroundings, redactor)
  program.commandsGroup('Guard a repository:')
  registerGenerateCommand(program, surroundings)
  registerInventoryCommand(program, surroundings)
  registerCheckCommand(program, surroundings)
  registerScanCommand(program, surroundings)
  program.commandsGroup('Install on a hub:')
  registerInitCommand(program, surroundings)
  registerRbacCommand(program, surroundings)
  registerDoctorCommand(program, surroundings, redactor)
  await registerBotCommand(program, { surroundings, redactor, words })
  program.commandsGroup('Try it:')
  registerDemoCommand(program, surroundings)
  registerRehearseCommand(program, surroundings)
  program.commandsGroup('The program:').helpCommand('help [command]', 'show the help of a command')
  registerVersionCommand(program, surroundings)
  registerCompletionCommand(program, surroundings)
}
