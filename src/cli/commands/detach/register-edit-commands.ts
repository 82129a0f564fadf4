import type { Command } from 'commander'
import type { DetachOptions } from './detach-command.ts'
import type { ReattachOptions } from '../reattach/reattach-command.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { outputFlag, type OutputForm } from '../../output-flag.ts'

type EditFlags = Readonly<{
  directory: string
  root?: readonly string[]
  output: OutputForm
  delete?: boolean
  companions?: boolean
  withCompanions?: boolean
  acceptStaticProof?: boolean
  commit?: boolean
  dryRun?: boolean
  iUnderstandThisMayReinstall?: boolean
  render?: string
}>

/** Declares `sower plan`, `sower detach` and `sower reattach`. */
export const registerEditCommands = (program: Command, surroundings: Surroundings): void => {
  detaching(
    editCommand(
      program,
      'plan',
      'show how a cluster would be detached, with the proof; changes nothing',
    ),
  ).action(async (cluster: string, flags: EditFlags) => {
    const { detachCommand } = await import('./detach-command.ts')
    await detachCommand(surroundings, readEdit(cluster, flags, true))
  })

  writing(
    detaching(
      editCommand(
        program,
        'detach',
        "take a cluster's entry out of its list in the work tree, after the proof",
      ),
    ),
  ).action(async (cluster: string, flags: EditFlags) => {
    const { detachCommand } = await import('./detach-command.ts')
    await detachCommand(surroundings, readEdit(cluster, flags, false))
  })

  writing(
    editCommand(program, 'reattach', 'put back exactly the lines that detaching a cluster changed')
      .option(
        '--i-understand-this-may-reinstall',
        'accept that the ClusterInstance comes back and its host may be reinstalled',
      )
      .option(
        '--with-companions',
        "bring back the commented-out lines of the cluster's namespace and Secrets, too, in the same edit",
      ),
  ).action(async (cluster: string, flags: EditFlags) => {
    const { reattachCommand } = await import('../reattach/reattach-command.ts')
    await reattachCommand(surroundings, readEdit(cluster, flags, false))
  })
}

const editCommand = (program: Command, name: string, description: string): Command =>
  outputFlag(
    program
      .command(name)
      .description(description)
      .argument('<cluster>', 'spec.clusterName of its ClusterInstance')
      .option(
        '-C, --directory <directory>',
        'a directory of the repository, at or below sower.yaml',
        '.',
      )
      .option(
        '--root <directory>',
        'a directory that Argo CD renders, relative to -C; may be given several times',
        (root: string, before?: readonly string[]) => [...(before ?? []), root],
      )
      .option(
        '--accept-static-proof',
        'compare the files instead, where kustomize needs a plugin that is missing',
      )
      .option(
        '--render <mode>',
        'plain (one build), shards, or verify (both, compared); default: shards',
      ),
  )

const readEdit = (
  cluster: string,
  flags: EditFlags,
  isPlan: boolean,
): DetachOptions & ReattachOptions => ({
  cluster,
  directory: flags.directory,
  roots: flags.root ?? [],
  output: flags.output,
  mode: flags.delete === true ? 'delete' : 'comment',
  companions: flags.companions === true,
  withCompanions: flags.withCompanions === true,
  acceptStatic: flags.acceptStaticProof === true,
  render: flags.render,
  understands: flags.iUnderstandThisMayReinstall === true,
  act: isPlan ? 'look' : flags.dryRun === true ? 'try' : flags.commit === true ? 'commit' : 'write',
})

const writing = (command: Command): Command =>
  command
    .option('--commit', 'commit the edit on the current branch')
    .option('--dry-run', 'check everything, and write nothing')

const detaching = (command: Command): Command =>
  command
    .option('--delete', 'delete the line instead of commenting it out')
    .option(
      '--with-companions',
      'take out the file or directory of the cluster as a whole, where all in it is its own, in the same edit',
    )
    .option(
      '--companions',
      "take out the cluster's namespace, Secrets and generators in a later edit, once its ManagedCluster is gone",
    )
