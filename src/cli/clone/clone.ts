import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix, resolve } from 'node:path'
import { execa } from 'execa'
import { gitRepository } from '../../adapters/git/git-repository.ts'
import type { MirrorOptions } from '../../adapters/git/open-mirror.ts'
import { readConfiguration, type Configuration } from '../../core/settings/configuration.ts'
import { defaults } from '../../core/settings/defaults.ts'
import {
  configurationPath,
  nearestConfiguration,
} from '../../core/settings/nearest-configuration.ts'
import { defaultRoots, type DefaultRoots } from '../../core/cluster/default-roots.ts'
import { FailedError, InputError, messageOf } from '../../errors.ts'
import { readText } from '../../core/repository-tree.ts'
import type { Repository } from '../../operations/ports/repository.ts'
import type { Checkout } from '../../operations/ports/repository.ts'
import type { Surroundings } from '../../surroundings.ts'

/** A person's clone: what is committed to read and prove, the work tree to write to. */
export type Clone = Readonly<{
  /** The work tree's top level. */
  top: string
  head: string
  checkout: Checkout
  /** A copy of our own, for commits that only serve a proof. */
  repository: Repository
  /** The directory of sower.yaml, relative to the top level; `.` for that itself, or without one. */
  base: string
  /** Null where no sower.yaml is committed. */
  config: Configuration | null
  /** Relative to the top level, as all paths in core. */
  roots: readonly string[]
  /** Where records are kept, relative to the top level. */
  directory: string
  warnings: readonly string[]
  /** A path as people are shown it: relative to the directory of sower.yaml. */
  shown: (path: string) => string
  /** Runs git in the work tree. Throws FailedError GIT_FAILED. */
  git: (...commandArguments: readonly string[]) => Promise<string>
  close: () => void
}>

/**
 * Opens the clone that a directory lies in. Roots are `--root`, else those of sower.yaml, else every
 * kustomization of the repository that no other one lists.
 * Throws InputError GIT_FAILED, ARGUMENT_INVALID or CONFIGURATION_INVALID.
 */
export const openClone = async (
  surroundings: Surroundings,
  options: Readonly<{ directory: string; roots: readonly string[] }>,
): Promise<Clone> => {
  const { top, prefix, head, objects, git } = await openWorkTree(surroundings, options.directory)
  const work = mkdtempSync(join(tmpdir(), 'sower-plan-'))
  const close = (): void => {
    rmSync(work, { recursive: true, force: true })
  }
  try {
    const repository = gitRepository({
      url: top,
      directory: work,
      tokenFile: null,
      path: surroundings.environment['PATH'] ?? '',
      objects,
    })
    const checkout = await repository.checkout(head).catch((cause: unknown) => {
      throw new InputError('GIT_FAILED', messageOf(cause), {
        fix: 'a clone that leaves out files of HEAD is completed with `git sparse-checkout disable`',
        cause,
      })
    })
    const directory = prefix.replace(/\/$/, '')
    const { text, base } = configurationAbove(checkout, directory)
    const config = text === null ? null : readConfiguration(text, () => [])
    const { roots, warnings } = rootsOf(checkout, {
      named: options.roots.map(root => insideOf(checkout, { directory, root })),
      configured: config?.roots.map(root => posix.join(base, root)) ?? [],
    })
    return {
      ...{ top, head, checkout, repository, base, config, roots, git, close },
      directory: posix.join(base, config?.directory ?? defaults.directory),
      warnings: config === null ? [...warnings, anyCluster] : warnings,
      shown: file => posix.relative(base, file) || '.',
    }
  } catch (error) {
    close()
    throw error
  }
}

const anyCluster = `no ${configurationPath} is committed: any cluster may be detached; list those that may under \`seeds\` there`

// What a person's git needs to commit: who they are, how they sign. Never GIT_DIR and its like.
const passedOn =
  /^(?:PATH|HOME|USER|LOGNAME|EMAIL|TERM|TMPDIR|XDG_CONFIG_HOME|GNUPGHOME|GPG_TTY|SSH_AUTH_SOCK|GIT_(?:AUTHOR|COMMITTER)_\w+|GIT_CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM))$/

type Objects = NonNullable<MirrorOptions['objects']>

/** The work tree that a directory lies in, and the person's own git in it. */
const openWorkTree = async (
  { directory, environment }: Surroundings,
  asked: string,
): Promise<
  Pick<Clone, 'top' | 'head' | 'git'> & Readonly<{ prefix: string; objects: Objects }>
> => {
  const passed = Object.fromEntries(
    Object.entries(environment).filter(([name]) => passedOn.test(name)),
  )
  const run = (cwd: string, commandArguments: readonly string[]) =>
    execa('git', commandArguments, {
      cwd,
      extendEnv: false,
      // Paths are paths: none is a pattern.
      env: { HOME: '/', ...passed, LC_ALL: 'C', GIT_LITERAL_PATHSPECS: '1' },
      stdin: 'ignore',
      reject: false,
      stripFinalNewline: false,
    })
  const refuse = (reason: string): InputError =>
    new InputError('GIT_FAILED', `reading the repository at ${asked}: ${reason}`, {
      fix: 'name a directory of a clone with -C, in which `git status` works',
    })
  const start = resolve(directory, asked)
  if (statSync(start, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw refuse('there is no such directory')
  const place = [
    ...['rev-parse', '--show-toplevel', '--show-prefix', 'HEAD', '--show-object-format'],
    ...['--git-path', 'objects'],
  ]
  const { exitCode, stdout, stderr } = await run(start, place)
  if (exitCode === undefined) throw refuse('git cannot be run')
  if (exitCode !== 0)
    throw refuse(
      /dubious ownership.*/.exec(stderr)?.[0] ?? 'it is not a git repository with a commit',
    )
  const [top = '', prefix = '', head = '', format = '', objects = ''] = stdout.split('\n')
  const git: Clone['git'] = async (...commandArguments) => {
    const result = await run(top, commandArguments)
    if (result.exitCode === 0) return result.stdout
    const [reason = 'it failed without a word'] = `${result.stderr}\n${result.stdout}`
      .split('\n')
      .filter(line => line.trim() !== '')
    throw new FailedError('GIT_FAILED', `git ${commandArguments[0] ?? ''} in ${top}: ${reason}`, {
      fix: 'the files are as they were; mend what git says, or commit by hand',
    })
  }
  return { top, prefix, head, objects: { directory: resolve(start, objects), format }, git }
}

/** Reads the nearest sower.yaml of a directory; without one, paths are relative to the top level. */
const configurationAbove = (
  { tree }: Checkout,
  asked: string,
): Readonly<{ text: string | null; base: string }> => {
  const found = nearestConfiguration(tree, asked)
  if (found === null) return { text: null, base: '.' }
  const { path, base, kind } = found
  if (kind === 'file') return { text: readText(tree, path), base }
  throw new InputError('CONFIGURATION_INVALID', `reading ${path}: it is a ${kind}`, {
    fix: 'commit a plain file there',
  })
}

const rootsOf = (
  { tree }: Checkout,
  { named, configured }: Readonly<{ named: readonly string[]; configured: readonly string[] }>,
): DefaultRoots => {
  if (named.length > 0) return { roots: named, warnings: [] }
  return configured.length > 0 ? { roots: configured, warnings: [] } : defaultRoots(tree)
}

const insideOf = (
  { tree }: Checkout,
  { directory, root }: Readonly<{ directory: string; root: string }>,
): string => {
  const path = posix.join(directory, root).replace(/(?<=.)\/$/, '')
  if (!posix.isAbsolute(root) && !/^\.\.(?:\/|$)/.test(path) && tree.entry(path) === 'directory')
    return path
  throw new InputError('ARGUMENT_INVALID', `--root ${root}: there is no such directory in HEAD`, {
    fix: 'name committed directories with a kustomization.yaml, relative to -C',
  })
}
