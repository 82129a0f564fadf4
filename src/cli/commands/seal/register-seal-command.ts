import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import { hubFlags } from '../../hub-flags.ts'

type Words = Readonly<Partial<Record<string, string>>>

/** Declares `sower seal`. */
export const registerSealCommand = (program: Command, surroundings: Surroundings): void => {
  const command = program
    .command('seal')
    .description('check an authfile for an image and seal it for the hub')
    .requiredOption(
      '--authfile <file>',
      'the file that podman login --authfile wrote, or - for standard input',
    )
    .requiredOption(
      '--image <reference>',
      'the seed image that the credential must be able to push',
    )
    .requiredOption(
      '--cert <file or URL>',
      "the Sealed Secrets controller's certificate (kubeseal --fetch-cert)",
    )
    .option('-C, --directory <directory>', 'a directory of the repository, with sower.yaml', '.')
    .option('-n, --namespace <namespace>', 'the hub namespace; default: as sower.yaml says')
    .option('--name <name>', "the Secret's name; default: as sower.yaml says")
    .option('--scope <scope>', 'strict, namespace-wide or cluster-wide', 'strict')
    .option('-o, --output <file>', 'the file to write, relative to -C; default: standard output')
  hubFlags(command, surroundings, {
    what: 'the hub, to leave a file as it is where it holds the same value',
  }).action(
    async (
      flags: Words &
        Readonly<Record<'authfile' | 'image' | 'cert' | 'scope' | 'directory', string>>,
    ) => {
      const { sealCommand } = await import('./seal-command.ts')
      await sealCommand(surroundings, {
        ...flags,
        namespace: flags['namespace'] ?? null,
        name: flags['name'] ?? null,
        output: flags['output'] ?? null,
        ...{ kubeconfig: flags['kubeconfig'] ?? null, context: flags['context'] },
      })
    },
  )
}
