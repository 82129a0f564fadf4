import { chmod, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { execa } from 'execa'

// The user's Git configuration and hooks have no say in a checkout.
const environment = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
}

const git = async (commandArguments: readonly string[]): Promise<string> => {
  const { stdout } = await execa('git', commandArguments, {
    extendEnv: false,
    env: environment,
    shell: false,
  })
  return stdout
}

/** Resolves a branch, a tag or a commit of a bare repository; undefined when there is none. */
export const resolveRevision = async (
  bareRepository: string,
  targetRevision: string,
): Promise<string | undefined> => {
  const revision = targetRevision === '' ? 'HEAD' : targetRevision
  const tip = await looseTip(bareRepository, revision)
  if (tip !== undefined) return tip
  try {
    return await git([
      '--git-dir',
      bareRepository,
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${revision}^{commit}`,
    ])
  } catch {
    return undefined
  }
}

/** The tip of a branch whose ref is a file of its own: a controller asks often, and a process costs more. */
const looseTip = async (bareRepository: string, branch: string): Promise<string | undefined> => {
  if (!/^[\w-]+$/.test(branch) || /^[0-9a-f]{4,64}$/.test(branch)) return undefined
  const file = join(bareRepository, 'refs', 'heads', branch)
  const text = await readFile(file, 'utf8').catch(() => '')
  return /^[0-9a-f]{40}(?=\n$)/.exec(text)?.[0]
}

/**
 * Checks a revision out into a fresh directory, `.git` included, and deletes it after `use`. Files are
 * 0644, as a plugin sees them without `preserveFileMode` (argo-cd util/io/files/tar.go).
 */
export const withCheckout = async <T>(
  {
    bareRepository,
    revision,
    workDirectory,
  }: Readonly<{ bareRepository: string; revision: string; workDirectory: string }>,
  use: (directory: string) => Promise<T>,
): Promise<T> => {
  const directory = await mkdtemp(join(workDirectory, '_cmp_server-'))
  try {
    await git([
      'clone',
      '--quiet',
      '--shared',
      '--no-checkout',
      '--template=',
      '--',
      bareRepository,
      directory,
    ])
    await git(['-C', directory, 'checkout', '--quiet', '--detach', revision])
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o644)
    return await use(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** The first symbolic link of a checkout that leads out of it, or is absolute (argo-cd util/io/path.go:88-105). */
export const outOfBoundsLink = async (directory: string): Promise<string | undefined> => {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const target = await readlink(path)
    const place = relative(directory, resolve(entry.parentPath, target))
    if (isAbsolute(target) || /^\.\.(?:\/|$)/.test(place)) return relative(directory, path)
  }
  return undefined
}
