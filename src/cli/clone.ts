import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix, resolve } from 'node:path'
import { execa } from 'execa'
import { gitRepository } from '../adapters/git.ts'
import { configurationPath, readConfiguration, type Configuration } from '../config.ts'
import { defaultRoots } from '../core/kustomization/default-roots.ts'
import { FailedError, InputError } from '../errors.ts'
import { readText } from '../operations/context.ts'
import type { Checkout, Repository } from '../operations/ports.ts'
import type { Surroundings } from './compose.ts'

/** A person's clone: what is committed to read and prove, the work tree to write to. */
export type Clone = Readonly<{
  /** The work tree's top level. */
  top: string
  head: string
  checkout: Checkout
  /** A copy of our own, for commits that only serve a proof. */
  repository: Repository
  /** Null where no sower.yaml is committed. */
  config: Configuration | null
  /** Relative to the top level, as all paths in core. */
  roots: readonly string[]
  /** Where records are kept, relative to the top level. */
  directory: string
  warnings: readonly string[]
  /** A path as people are shown it: relative to the directory of sower.yaml, or else to `-C`. */
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
  const start = resolve(surroundings.directory, options.directory)
  const path = surroundings.environment['PATH'] ?? ''
  const run = async (
    cwd: string,
    commandArguments: readonly string[],
  ): Promise<Readonly<{ exitCode?: number | undefined; stdout: string; stderr: string }>> =>
    execa('git', commandArguments, {
      cwd,
      extendEnv: false,
      env: { PATH: path, HOME: surroundings.environment['HOME'] ?? '/', LC_ALL: 'C' },
      stdin: 'ignore',
      reject: false,
      stripFinalNewline: false,
    })
  const asked = await run(start, ['rev-parse', '--show-toplevel', '--show-prefix'])
  const [top = '', prefix = ''] = asked.stdout.split('\n')
  const { stdout, exitCode } = await run(start, ['rev-parse', '--verify', '--quiet', 'HEAD'])
  const head = stdout.trim()
  if (top === '' || exitCode !== 0)
    throw new InputError(
      'GIT_FAILED',
      `reading the repository at ${options.directory}: it is not a git repository with a commit`,
      { fix: 'name a directory of a clone with -C' },
    )
  const git = async (...commandArguments: readonly string[]): Promise<string> => {
    const result = await run(top, commandArguments)
    if (result.exitCode === 0) return result.stdout
    const [reason = ''] = result.stderr.split('\n').filter(line => line.trim() !== '')
    throw new FailedError('GIT_FAILED', `git ${commandArguments[0] ?? ''} in ${top}: ${reason}`)
  }

  const work = mkdtempSync(join(tmpdir(), 'sower-plan-'))
  const close = (): void => {
    rmSync(work, { recursive: true, force: true })
  }
  try {
    const repository = gitRepository({
      url: top,
      directory: work,
      tokenFile: null,
      path,
      commit: head,
    })
    await repository.fetch()
    const checkout = await repository.checkout(head)
    const asked = prefix.replace(/\/$/, '')
    const { config, base } = configurationAbove(checkout, asked)
    const named = options.roots.map(root => insideOf(checkout, { directory: asked, root }))
    const warnings: string[] = []
    const everyRoot = (): readonly string[] => {
      const found = defaultRoots(checkout.tree)
      warnings.push(...found.warnings)
      return found.roots
    }
    const read = config === null ? null : readConfiguration(config, () => [])
    const configured = read?.roots.map(root => posix.join(base, root)) ?? []
    if (read === null)
      warnings.push(
        `no ${configurationPath} is committed: any cluster may be detached; list those that may under \`seeds\` there`,
      )
    return {
      top,
      head,
      checkout,
      repository,
      config: read,
      roots: named.length > 0 ? named : configured.length > 0 ? configured : everyRoot(),
      directory: posix.join(base, read?.directory ?? 'seeds'),
      warnings,
      shown: file => posix.relative(base, file) || '.',
      git,
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

/** The nearest sower.yaml of a directory or above it, and the directory that it is in. */
const configurationAbove = (
  checkout: Checkout,
  asked: string,
): Readonly<{ config: string | null; base: string }> => {
  for (let directory = asked; ; directory = posix.dirname(directory)) {
    const base = directory === '.' ? '' : directory
    const path = posix.join(base, configurationPath)
    if (checkout.tree.entry(path) === 'file') return { config: readText(checkout, path), base }
    if (base === '') return { config: null, base: asked }
  }
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
