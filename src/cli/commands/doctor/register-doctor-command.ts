import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import { declareGitHub, gitHubOptions, type GitHubFlags } from '../../clone/git-hub-options.ts'
import { hubFlags } from '../../hub-flags.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

type Flags = GitHubFlags &
  Readonly<{
    directory: string
    kubeconfig?: string
    context?: string
    namespace: string
    output: OutputForm
  }>

/** Declares `sower doctor`. */
export const registerDoctorCommand = (
  program: Command,
  surroundings: Surroundings,
  redactor: Redactor,
): void => {
  const command = program
    .command('doctor')
    .description('check an installation on the hub, and say what to fix; changes nothing')
    .option('-C, --directory <directory>', 'a directory of the repository, with sower.yaml', '.')
  hubFlags(command, surroundings, { what: 'the hub', isNeeded: true }).option(
    '-n, --namespace <namespace>',
    'the namespace of the bot',
    'sower',
  )
  declareGitHub(command, surroundings.environment)
  outputFlag(command).action(async (flags: Flags) => {
    const { doctorCommand } = await import('./doctor-command.ts')
    const asked = {
      ...{ directory: flags.directory, namespace: flags.namespace, output: flags.output },
      ...{ kubeconfig: flags.kubeconfig ?? null, context: flags.context ?? null },
    }
    await doctorCommand(surroundings, { ...gitHubOptions(flags), ...asked }, redactor)
  })
}
