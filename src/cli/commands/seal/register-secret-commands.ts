import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'

type Words = Readonly<Partial<Record<string, string>>>

/** Declares `sower seal` and `sower inspect`. */
export const registerSecretCommands = (program: Command, surroundings: Surroundings): void => {
  const kubeconfig = surroundings.environment['SOWER_KUBECONFIG'] || undefined

  program
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
    .option('--namespace <namespace>', 'the hub namespace; default: as sower.yaml says')
    .option('--name <name>', "the Secret's name; default: as sower.yaml says")
    .option('--scope <scope>', 'strict, namespace-wide or cluster-wide', 'strict')
    .option('-o, --output <file>', 'write there instead of standard output')
    .option(
      '--kubeconfig <file>',
      'the hub, to leave a file alone that holds the same value (SOWER_KUBECONFIG)',
      kubeconfig,
    )
    .action(
      async (
        flags: Words & Readonly<{ authfile: string; image: string; cert: string; scope: string }>,
      ) => {
        const { sealCommand } = await import('./seal-command.ts')
        await sealCommand(surroundings, {
          ...flags,
          namespace: flags['namespace'] ?? null,
          name: flags['name'] ?? null,
          output: flags['output'] ?? null,
          kubeconfig: flags['kubeconfig'] ?? null,
        })
      },
    )

  program
    .command('inspect')
    .description('tell what can be known of a SealedSecret without opening it')
    .argument('<file>', 'the SealedSecret, or - for standard input')
    .option('--cert <file or URL>', 'the certificate that it should be sealed with')
    .option('--image <reference>', 'the seed image that it should cover; default: of sower.yaml')
    .option(
      '--kubeconfig <file>',
      'the hub, to tell what became of it there (SOWER_KUBECONFIG)',
      kubeconfig,
    )
    .option('--json', 'print the findings as JSON (docs/sealing.md)')
    .action(async (file: string, flags: Words & Readonly<{ json?: boolean }>) => {
      const { inspectCommand } = await import('../inspect/inspect-command.ts')
      await inspectCommand(surroundings, {
        file,
        cert: flags['cert'] ?? null,
        image: flags['image'] ?? null,
        kubeconfig: flags['kubeconfig'] ?? null,
        json: flags.json === true,
      })
    })
}
