import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import type { Test } from 'tap'
import { findOnPath } from '../../../src/adapters/kustomize/find-on-path.ts'
import { findKustomize } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import { home, kustomizePlaces, temporaryDirectory, type Result } from '../run-sower.ts'

/** A user as OpenShift chooses it: of no passwd file, in group 0. */
const user = { uid: 1_000_650_000, gid: 0 }
/** Whose the files are. */
export const owner = { uid: 12_345, gid: 12_345 }

const isRoot = process.getuid?.() === 0
const found = (name: string): boolean => findOnPath(name, kustomizePlaces.path) !== undefined

/** Why the program cannot be run here as another user; false where it can. */
export const noOtherUser =
  (!isRoot && 'the tests do not run as root') || (!found('setpriv') && 'setpriv is not here')

/** Why there can be no root of its own here; false where there can. */
export const noOwnRoot =
  noOtherUser ||
  (spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status !== 0 &&
    'mounts are not permitted here')

/** Gives everything below a directory to a user, with the modes that Argo CD's tar has. */
export const give = (path: string, { uid, gid }: typeof owner): void => {
  chownSync(path, uid, gid)
  const isDirectory = lstatSync(path).isDirectory()
  chmodSync(path, isDirectory ? 0o755 : 0o644)
  if (isDirectory) for (const name of readdirSync(path)) give(join(path, name), { uid, gid })
}

const node = 'opt/sower/node'

/** What the image holds, below a directory: Node, the program, and kubectl where one can be copied. */
export const imageIn = (t: Pick<Test, 'teardown'>): string => {
  // TMPDIR may be somebody's own, where the other user cannot go.
  const root = temporaryDirectory(t, '/tmp')
  chmodSync(root, 0o755)
  mkdirSync(join(root, 'opt', 'sower'), { recursive: true })
  for (const part of ['dist', 'package.json'])
    cpSync(join(home, part), join(root, 'opt', 'sower', part), { recursive: true })
  give(join(root, 'opt'), { uid: 0, gid: 0 })
  // A copy: this Node may lie below /tmp, of which a root has its own, or where the other user cannot go.
  copyFileSync(process.execPath, join(root, node))
  chmodSync(join(root, node), 0o755)
  if (existsSync(kustomizePlaces.fallback)) {
    copyFileSync(kustomizePlaces.fallback, join(root, 'opt', 'sower', 'kubectl'))
    chmodSync(join(root, 'opt', 'sower', 'kubectl'), 0o755)
  }
  mkdirSync(join(root, 'tmp'))
  chownSync(join(root, 'tmp'), user.uid, user.gid)
  chmodSync(join(root, 'tmp'), 0o700)
  return root
}

/** The kubectl of the image, or the kustomize that the other tests use. */
const kustomizeOf = (root: string, prefix: string): string => {
  const copied = 'opt/sower/kubectl'
  return existsSync(join(root, copied)) ? join(prefix, copied) : findKustomize(kustomizePlaces).file
}

type Run = Readonly<{
  root: string
  /** Where the program is started, as it sees it. */
  directory: string
  environment?: Readonly<Record<string, string>>
  /** Instead of the program: words for a shell. */
  script?: string
}>

/** The command that becomes the user and has nothing of ours; `prefix` is where the program sees the image. */
const asUser = (
  prefix: string,
  { root, directory, environment = {}, script }: Run,
): readonly string[] => {
  const variables = {
    PATH: kustomizePlaces.path,
    HOME: join(prefix, 'tmp'),
    TMPDIR: join(prefix, 'tmp'),
    SOWER_KUSTOMIZE: kustomizeOf(root, prefix),
    ...environment,
  }
  const program = [join(prefix, node), join(prefix, 'opt/sower/dist/sower.js'), 'generate']
  return [
    '/bin/sh',
    '-c',
    'umask 077 && cd "$1" && shift && exec "$@"',
    'sh',
    directory,
    'setpriv',
    ...[`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--no-new-privs'],
    ...['--inh-caps=-all', '--bounding-set=-all', '--'],
    ...['env', '-i', ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)],
    ...(script === undefined ? [...program, '.'] : ['/bin/sh', '-c', script]),
  ]
}

const run = async (words: readonly string[]): Promise<Result> => {
  const [file = '', ...rest] = words
  return execa(file, rest, {
    extendEnv: false,
    env: { PATH: kustomizePlaces.path },
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
    timeout: 60_000,
  })
}

/** Runs the program as that user, in our own root. */
export const runAsUser = (options: Run): Promise<Result> => run(asUser(options.root, options))

/** `$1` is the root, `$2` a file with directories of this machine, the rest the command. */
const enter = `set -e
root=$1 shared=$2
shift 2
mount --bind "$root" "$root"
while read -r directory; do
  mount --rbind "$directory" "$root$directory"
  mount -o remount,bind,ro "$root$directory"
done <"$shared"
mount --bind /dev/null "$root/dev/null"
mount -t proc proc "$root/proc"
mount --bind "$root/tmp" "$root/tmp"
mount -o remount,bind,ro "$root"
exec chroot "$root" "$@"
`

/**
 * Runs the program as that user in a root of its own that is read-only but for /tmp, as in the container. Of
 * this machine it sees the programs and libraries only; there is no /etc.
 */
export const runInOwnRoot = (options: Run): Promise<Result> => {
  const { root } = options
  const shared = join(root, 'shared')
  if (!existsSync(shared))
    writeFileSync(
      shared,
      furnish(root)
        .map(path => `${path}\n`)
        .join(''),
    )
  return run([
    ...['unshare', '--mount', '--pid', '--fork', '/bin/sh', '-c', enter, 'sh'],
    ...[root, shared, ...asUser('/', options)],
  ])
}

/** Makes room for what a root needs of this machine, and tells the directories that are to be mounted. */
const furnish = (root: string): readonly string[] => {
  const programs = [dirname(realpathSync(findKustomize(kustomizePlaces).file))].filter(
    directory => !directory.startsWith('/usr/') && !directory.startsWith(home),
  )
  const top = ['/usr', '/bin', '/sbin', '/lib', '/lib64'].filter(path => existsSync(path))
  const isLink = (path: string): boolean => lstatSync(path).isSymbolicLink()
  for (const path of top.filter(isLink)) symlinkSync(readlinkSync(path), join(root, path))
  const shared = [...new Set([...top.filter(path => !isLink(path)), ...programs])]
  for (const path of [...shared, '/proc', '/dev'])
    mkdirSync(join(root, path), { recursive: true, mode: 0o755 })
  writeFileSync(join(root, 'dev', 'null'), '')
  return shared
}
