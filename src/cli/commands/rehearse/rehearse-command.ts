import { join } from 'node:path'
import { temporaryDirectory } from '../../../adapters/files/temporary-directory.ts'
import { runGit } from '../../../adapters/git/run-git.ts'
import { readDeclared } from '../../../core/compare/git/read-declared.ts'
import { everyPath } from '../../../core/kustomization/every-path.ts'
import { textAt } from '../../../core/repository-tree.ts'
import { configurationPath } from '../../../core/settings/nearest-configuration.ts'
import { sizeLimits } from '../../../core/size-limits.ts'
import { documentsIn } from '../../../core/yaml/documents-in.ts'
import { rehearse, type Original } from '../../../demo/rehearse/rehearse.ts'
import { InputError, RefusedError } from '../../../errors.ts'
import type { Surroundings } from '../../../surroundings.ts'
import type { Clone } from '../../clone/clone.ts'
import { openClone } from '../../clone/open-clone.ts'
import { requireClusterName } from '../../clone/require-cluster-name.ts'
import { requireConfiguration } from '../../clone/require-configuration.ts'
import type { OutputForm } from '../../output-flag.ts'
import { tellStory } from '../demo/tell-story.ts'

/** Options of `sower rehearse`. */
export type RehearseOptions = Readonly<{
  cluster: string
  directory: string
  output: OutputForm
  keep: string | null
}>

/**
 * `sower rehearse`: plays a run with the files of HEAD in a simulated world, and says what would have been refused. Throws
 * InputError for a clone without sower.yaml at its top or a missing kustomize; RefusedError CLUSTER_NOT_FOUND, and
 * REHEARSAL_REFUSED where the run does not end Completed; FailedError DEMO_FAILED or DEMO_STUCK.
 */
export const rehearseCommand = async (
  surroundings: Surroundings,
  { cluster, directory: asked, output, keep }: RehearseOptions,
): Promise<void> => {
  requireClusterName(cluster, cluster)
  const clone = await openClone(surroundings, { directory: asked, roots: [] })
  const files = temporaryDirectory('sower-rehearse-')
  try {
    const original = await originalOf(surroundings, clone, { cluster, files: files.directory })
    const { outcome, blocked, directory } = await tellStory(
      surroundings,
      { title: `a run of ${cluster}`, output, keep },
      async ({ directory, emit }) => {
        const ended = await rehearse({ surroundings, directory, emit, cluster }, original)
        const { blocked, troubles, notes } = ended
        const repository = join(directory, 'github', 'example', 'ztp.git')
        emit({ event: 'rehearsed', blocked, troubles, notes, repository })
        return ended
      },
    )
    if (outcome === 'Completed') return
    throw new RefusedError(
      'REHEARSAL_REFUSED',
      `rehearsing ${cluster}: ${blocked === null ? `the run ended ${outcome}` : `it waits for a person: ${blocked.code}`}`,
      { fix: `do what the report says; ${directory} has bot.log and all events` },
    )
  } finally {
    files.remove()
    clone.close()
  }
}

const originalOf = async (
  { environment }: Surroundings,
  { checkout: { tree }, roots, workTree, base, config: read }: Clone,
  { cluster, files }: Readonly<{ cluster: string; files: string }>,
): Promise<Original> => {
  const config = requireConfiguration({ config: read })
  if (base !== '.')
    throw new InputError(
      'CONFIGURATION_MISSING',
      `reading ${configurationPath} at the top of the repository: it is in ${base}`,
      { fix: 'move it to the top, where the bot reads it' },
    )
  const clusters = readDeclared(tree, roots).clusters.map(({ cluster }) => cluster)
  if (!clusters.includes(cluster))
    throw new RefusedError(
      'CLUSTER_NOT_FOUND',
      `reading HEAD: no file that ${roots.join(', ')} lists holds the cluster ${cluster}`,
      { fix: 'give its spec.clusterName, of a cluster that is not detached' },
    )
  const directory = join(files, 'files')
  const { PATH = '', HOME = '/' } = environment
  // The index of the person is left alone; no filter of theirs may fetch anything.
  const place = {
    directory: workTree.top,
    environment: { PATH, HOME, GIT_INDEX_FILE: join(files, 'index') },
  }
  await runGit(place, ['read-tree', workTree.head])
  await runGit(place, [...noFilters, 'checkout-index', '--all', `--prefix=${directory}/`])
  // Without a branch it finds nothing.
  const branch = await runGit(place, ['symbolic-ref', '--quiet', '--short', 'HEAD'], { nothing: 1 })
  const documents = everyPath(tree)
    .filter(
      ({ path, kind }) =>
        kind === 'file' && /\.ya?ml$/.test(path) && tree.size(path) <= sizeLimits.file,
    )
    .flatMap(({ path }) => documentsIn(textAt(tree, path)))
  return {
    ...{ tree, directory, config, roots, clusters, documents },
    branch: branch.toString('utf8').trim(),
  }
}

const noFilters = ['smudge=', 'process=', 'required=false'].flatMap(value => [
  '-c',
  `filter.lfs.${value}`,
])
