import { mkdirSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { directoryTree } from '../../../adapters/files/directory-tree.ts'
import { isDirectory } from '../../../adapters/files/is-directory.ts'
import { plainFile, writeOutput } from '../../../adapters/files/write-output.ts'
import { notAClone, runGit } from '../../../adapters/git/run-git.ts'
import { planInit, type InitPlan } from '../../../core/init/plan-init.ts'
import { repositoryView } from '../../../core/kustomization/repository-view.ts'
import { readText } from '../../../core/repository-tree.ts'
import { readConfiguration } from '../../../core/settings/configuration.ts'
import { configurationPath } from '../../../core/settings/nearest-configuration.ts'
import { sizeLimits } from '../../../core/size-limits.ts'
import { InputError, messageOf, RefusedError } from '../../../errors.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { requireClusterName } from '../../clone/require-cluster-name.ts'
import type { OutputForm } from '../../output-flag.ts'
import { printAs } from '../../output/print-as.ts'

/** Options of `sower init`. */
export type InitOptions = Readonly<{
  directory: string
  seeds: readonly string[]
  image: string | null
  repoURL: string | null
  branch: string | null
  namespace: string
  isConfirmed: boolean
  output: OutputForm
}>

/**
 * `sower init`: shows the files that a repository lacks to be used with Sower, and writes them where a person confirms it;
 * nothing that is there is changed, and nothing is committed. Throws InputError FILE_UNREADABLE, ARGUMENT_INVALID,
 * CONFIGURATION_INVALID, GIT_FAILED or OUTPUT_UNWRITABLE, and what the plan throws; then nothing is written.
 */
export const initCommand = async (
  surroundings: Surroundings,
  options: InitOptions,
): Promise<void> => {
  const { seeds, namespace, isConfirmed } = options
  for (const seed of seeds) requireClusterName(seed, seed)
  requireClusterName(namespace, `the namespace ${namespace}`)
  const top = topOf(surroundings, options.directory)
  const tree = directoryTree(top)
  const config =
    tree.entry(configurationPath) === undefined
      ? null
      : readConfiguration(readText(tree, configurationPath, sizeLimits.settings), () => [])
  const { remote, place } = await askGit(surroundings, { asked: options.directory, directory: top })
  const plan = planInit(repositoryView(tree), config, { ...options, remote })
  const added = plan.files.filter(({ state }) => state === 'new')
  const notes = [
    ...plan.notes,
    ...(place === '' || place === top
      ? []
      : [`the bot reads ${configurationPath} at the top of the repository, which is ${place}`]),
  ]
  const isText = options.output === 'text'
  if (isText) surroundings.print(describe({ ...plan, notes }))
  const isWanted = added.length > 0 && (isConfirmed || (isText && (await confirm(surroundings))))
  if (isWanted) for (const file of added) write(top, file)
  const document = { apiVersion: 'sower.dev/v1alpha1', kind: 'Initialisation' }
  surroundings.print(
    printAs(options.output, { ...document, ...plan, notes, isWritten: isWanted }, () =>
      describeEnd(added.length, isWanted),
    ),
  )
}

const topOf = ({ directory }: Surroundings, asked: string): string => {
  const place = resolve(directory, asked)
  if (isDirectory(place)) return realpathSync(place)
  throw new InputError('FILE_UNREADABLE', `reading ${asked}: it is not a directory`, {
    fix: 'name the directory of the repository with -C',
  })
}

const noClone = 'it is not a clone'

/**
 * The remote of the clone and its top level; null and empty where the directory is none. Throws InputError GIT_FAILED where
 * git cannot say it: where there is no git, or the clone belongs to somebody else.
 */
const askGit = async (
  { environment }: Surroundings,
  { asked, directory }: Readonly<{ asked: string; directory: string }>,
): Promise<Readonly<{ remote: string | null; place: string }>> => {
  const { PATH = '', HOME = '/' } = environment
  const git = async (...words: readonly string[]): Promise<string> => {
    try {
      const said = await runGit({ directory, environment: { PATH, HOME } }, words, {
        nothing: 1,
        failed: failure => notAClone(asked, failure, noClone),
      })
      return said.toString('utf8').trim()
    } catch (error) {
      if (messageOf(error).endsWith(noClone)) return ''
      throw error
    }
  }
  return {
    remote: (await git('config', '--get', 'remote.origin.url')) || null,
    place: await git('rev-parse', '--show-toplevel'),
  }
}

const confirm = async ({ ask }: Surroundings): Promise<boolean> =>
  ask !== undefined && /^y(?:es)?$/i.test((await ask('Write these files? [y/N] ')).trim())

/** Writes one file that was not there when it was planned. */
const write = (top: string, { path, content }: InitPlan['files'][number]): void => {
  const output = { file: join(top, path), shown: path }
  if (directoryTree(top).entry(path) !== undefined || plainFile(output) !== undefined)
    throw new RefusedError('OUTPUT_FOREIGN', `writing ${path}: it was written meanwhile`, {
      fix: 'run `sower init` again: it shows what is still missing',
    })
  mkdirSync(dirname(output.file), { recursive: true })
  writeOutput(output, content)
}

const longest = 80
const describe = ({ files, notes }: InitPlan): string => {
  const shown = files.map(({ path, state, content }) => {
    if (state !== 'new') return `${path}: ${state === 'same' ? 'is there' : 'is there, and left'}\n`
    const lines = content.trimEnd().split('\n')
    return lines.length > longest
      ? `--- ${path}: new, ${lines.length} lines\n`
      : `--- ${path}: new\n${content.trimEnd()}\n\n`
  })
  return [...shown, ...notes.map(note => `note: ${note}\n`)].join('')
}

const describeEnd = (count: number, isWritten: boolean): string => {
  if (count === 0) return 'Nothing is missing.\n'
  return isWritten
    ? `Wrote ${count} files. Look at them, commit them, then go on with docs/install.md.\n`
    : 'Nothing is written. Call it with --yes to write these files.\n'
}
