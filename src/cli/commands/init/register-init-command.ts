import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'

type Flags = Readonly<{
  directory: string
  seed: readonly string[]
  image?: string
  repoUrl?: string
  branch?: string
  namespace: string
  yes?: boolean
  output: string
}>

/** Declares `sower init`. */
export const registerInitCommand = (program: Command, surroundings: Surroundings): void => {
  const appended = (value: string, before: readonly string[]): readonly string[] => [
    ...before,
    value,
  ]
  program
    .command('init')
    .description(
      'write what a repository lacks to be used with Sower; changes nothing that is there',
    )
    .option('-C, --directory <directory>', 'the top directory of the repository', '.')
    .option('--seed <cluster>', 'a cluster that may be detached; may be repeated', appended, [])
    .option('--image <template>', 'the seed image, with {cluster} and {version}')
    .option(
      '--repo-url <url>',
      'how Argo CD reads the repository; default: as its Applications say, or the remote',
    )
    .option(
      '--branch <branch>',
      'the branch that Argo CD tracks; default: as its Applications say, or main',
    )
    .option('-n, --namespace <namespace>', 'the namespace of the bot', 'sower')
    .option('--yes', 'write without asking')
    .option('-o, --output <form>', 'text, json or yaml', 'text')
    .action(async (flags: Flags) => {
      const { initCommand } = await import('./init-command.ts')
      await initCommand(surroundings, {
        ...{ directory: flags.directory, seeds: flags.seed, namespace: flags.namespace },
        ...{ image: flags.image ?? null, repoURL: flags.repoUrl ?? null },
        ...{ branch: flags.branch ?? null, isConfirmed: flags.yes === true, output: flags.output },
      })
    })
}
