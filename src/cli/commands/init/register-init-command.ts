import type { Command } from 'commander'
import type { Surroundings } from '../../../surroundings.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

type Flags = Readonly<{
  directory: string
  seed?: readonly string[]
  image?: string
  repoUrl?: string
  branch?: string
  namespace: string
  yes?: boolean
  output: OutputForm
}>

/** Declares `sower init`. */
export const registerInitCommand = (program: Command, surroundings: Surroundings): void => {
  const appended = (value: string, before: readonly string[] = []): readonly string[] => [
    ...before,
    value,
  ]
  const command = program
    .command('init')
    .description(
      'write the files that a repository still needs for Sower; changes none that is there',
    )
    .option('-C, --directory <directory>', 'the top directory of the repository', '.')
    .option('--seed <cluster>', 'a cluster that may be detached; may be repeated', appended)
    .option('--image <template>', 'the seed image, with {cluster} and {version}')
    .option(
      '--repo-url <url>',
      'the URL by which Argo CD reads the repository; default: that of its Applications, or the remote',
    )
    .option(
      '--branch <branch>',
      'the branch that Argo CD tracks; default: that of its Applications, or main',
    )
    .option('-n, --namespace <namespace>', 'the namespace of the bot', 'sower')
    .option('--yes', 'write without asking')
  outputFlag(command).action(async (flags: Flags) => {
    const { initCommand } = await import('./init-command.ts')
    await initCommand(surroundings, {
      ...{ directory: flags.directory, seeds: flags.seed ?? [], namespace: flags.namespace },
      ...{ image: flags.image ?? null, repoURL: flags.repoUrl ?? null },
      ...{ branch: flags.branch ?? null, isConfirmed: flags.yes === true, output: flags.output },
    })
  })
}
