import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import { hubFlags } from '../../hub-flags.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

type Words = Readonly<Partial<Record<string, string>>>

/** Declares `sower inspect`. */
export const registerInspectCommand = (program: Command, surroundings: Surroundings): void => {
  const command = program
    .command('inspect')
    .description('show what can be known about a SealedSecret without opening it')
    .argument('<file>', 'the SealedSecret, relative to -C, or - for standard input')
    .option('-C, --directory <directory>', 'a directory of the repository, with sower.yaml', '.')
    .option('--cert <file or URL>', 'the certificate that it should be sealed with')
    .option(
      '--image <reference>',
      'the seed image that it should cover; default: the images of sower.yaml',
    )
  hubFlags(command, surroundings, { what: 'the hub, to show what became of it there' })
  outputFlag(command).action(
    async (file: string, flags: Words & Readonly<{ directory: string; output: OutputForm }>) => {
      const { inspectCommand } = await import('./inspect-command.ts')
      await inspectCommand(surroundings, {
        file,
        directory: flags.directory,
        cert: flags['cert'] ?? null,
        image: flags['image'] ?? null,
        ...{ kubeconfig: flags['kubeconfig'] ?? null, context: flags['context'] },
        output: flags.output,
      })
    },
  )
}
