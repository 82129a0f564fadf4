import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'

type Flags = Readonly<{
  directory: string
  kubeconfig?: string
  context?: string
  namespace: string
  output: string
}>

/** Declares `sower doctor`. */
export const registerDoctorCommand = (program: Command, surroundings: Surroundings): void => {
  const { environment } = surroundings
  program
    .command('doctor')
    .description('check an installation on the hub, and say what to fix; changes nothing')
    .option('-C, --directory <directory>', 'a directory of the repository, with sower.yaml', '.')
    .option(
      '--kubeconfig <file>',
      'the hub (SOWER_KUBECONFIG, KUBECONFIG)',
      environment['SOWER_KUBECONFIG'] || environment['KUBECONFIG'] || undefined,
    )
    .option('--context <name>', 'the context of that kubeconfig; default: its current one')
    .option('-n, --namespace <namespace>', 'the namespace of the bot', 'sower')
    .option('-o, --output <form>', 'text, json or yaml', 'text')
    .action(async (flags: Flags) => {
      const { doctorCommand } = await import('./doctor-command.ts')
      await doctorCommand(surroundings, {
        ...{ directory: flags.directory, namespace: flags.namespace, output: flags.output },
        ...{ kubeconfig: flags.kubeconfig ?? null, context: flags.context ?? null },
      })
    })
}
