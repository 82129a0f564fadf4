import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import { hubFlags } from '../../hub-flags.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

type Flags = Readonly<{
  directory: string
  kubeconfig?: string
  context?: string
  namespace: string
  output: OutputForm
}>

/** Declares `sower doctor`. */
export const registerDoctorCommand = (program: Command, surroundings: Surroundings): void => {
  const command = program
    .command('doctor')
    .description('check an installation on the hub, and say what to fix; changes nothing')
    .option('-C, --directory <directory>', 'a directory of the repository, with sower.yaml', '.')
  hubFlags(command, surroundings, { what: 'the hub', isNeeded: true }).option(
    '-n, --namespace <namespace>',
    'the namespace of the bot',
    'sower',
  )
  outputFlag(command).action(async (flags: Flags) => {
    const { doctorCommand } = await import('./doctor-command.ts')
    await doctorCommand(surroundings, {
      ...{ directory: flags.directory, namespace: flags.namespace, output: flags.output },
      ...{ kubeconfig: flags.kubeconfig ?? null, context: flags.context ?? null },
    })
  })
}
