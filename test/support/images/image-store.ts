import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Test } from 'tap'
import { findOnPath } from '../../../src/adapters/kustomize/find-on-path.ts'
import { alone, home, shell } from '../run-sower.ts'
import { whileWeLive } from '../while-we-live.ts'

const missing = ['buildah', 'mmdebstrap', 'unshare'].filter(
  name => findOnPath(name, shell()['PATH'] ?? '') === undefined,
)

/** Mounts an overlay as buildah does, in a namespace that goes with it: not every container and disk allows it. */
const mountsOverlay = (): boolean => {
  const directory = mkdtempSync(join(tmpdir(), 'sower-overlay-'))
  const mount = 'mkdir l u w m; mount -t overlay overlay -o lowerdir=l,upperdir=u,workdir=w m'
  const { status } = spawnSync('unshare', ['--mount', 'sh', '-ec', mount], { cwd: directory })
  rmSync(directory, { recursive: true, force: true })
  return status === 0
}

const whyNot = (): string | false => {
  if (missing.length > 0)
    return `not here: ${missing.join(', ')} (apt-get install buildah mmdebstrap)`
  if (process.getuid?.() !== 0) return 'only root can build an image without a container engine'
  return !mountsOverlay() && 'no overlay can be mounted on this file system'
}

/** What tap's `skip` takes: false, or the line that says why no image can be built here. */
export const cannotBuild: string | false = whyNot()

/** Nobody that the image knows, in the group that OpenShift gives. */
const user = '12345:0'

/** Mounts the root read-only with a /tmp of its own, and one directory of the host in it, and becomes the user there. */
const enter = `
root=$1 directory=$2 user=$3
shift 3
mount --bind "$root" "$root"
mount -o remount,ro,bind "$root"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root$directory"
mount --bind "$directory" "$root$directory"
exec chroot --userspec="$user" "$root" "$@"
`

type Config = Readonly<{
  Env: readonly string[]
  User: string
  Entrypoint: readonly string[]
  Cmd?: readonly string[]
}>

/** One built image. */
export type Image = Readonly<{
  config: Config
  /** Its files, as the host sees them. */
  root: string
  /**
   * A command that runs in the image: any user, a read-only root, the image's variables, the network of the host, and one
   * directory below the host's /tmp. For a process that is started with `detached: true` and a pipe as standard input.
   */
  command: (directory: string, ...words: readonly string[]) => [string, ...string[]]
}>

/** The images that `scripts/build-images.sh` built. */
export type ImageStore = Readonly<{
  image: (name: 'plugin' | 'bot') => Promise<Image>
  /** The size of all layers, uncompressed. */
  megabytes: (name: 'base' | 'plugin' | 'bot') => Promise<number>
  /** Copies an image into an OCI layout, with the tag `it`. */
  writeLayout: (name: 'plugin' | 'bot', layout: string) => Promise<void>
}>

/** Builds the images below a directory, and unmounts what that left when the test ends. */
export const buildImages = async (t: Test, directory: string): Promise<ImageStore> => {
  mkdirSync(directory, { recursive: true })
  const variables = { env: { ...process.env, NODE_OPTIONS: '' } }
  const buildah = async (...words: readonly string[]): Promise<string> => {
    const place = ['--root', join(directory, 'store'), '--runroot', join(directory, 'run')]
    return (await execa('buildah', [...place, '--storage-driver', 'overlay', ...words], variables))
      .stdout
  }
  t.teardown(async () => {
    await buildah('umount', '--all')
    await execa('umount', ['--lazy', join(directory, 'store', 'overlay')], { reject: false })
  })
  await execa(join(home, 'scripts', 'build-images.sh'), [directory], variables)
  const image = async (name: string): Promise<Image> => {
    const container = await buildah('from', '--pull-never', `localhost/sower-${name}`)
    const root = await buildah('mount', container)
    const inspected = await buildah('inspect', '--type', 'image', `localhost/sower-${name}`)
    const { config } = (JSON.parse(inspected) as { OCIv1: { config: Config } }).OCIv1
    const environment = Object.fromEntries(
      config.Env.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    )
    return {
      config,
      root,
      command: (directory, ...words) => {
        const [file, ...rest] = whileWeLive(
          ...['unshare', '--mount', '--propagation', 'private', '/bin/sh', '-ec', enter, 'sh'],
          ...[root, directory, user, ...alone(environment, ...words)],
        )
        return [file, ...rest]
      },
    }
  }
  const writeLayout = async (name: string, layout: string): Promise<void> => {
    await buildah(
      'push',
      '--quiet',
      '--disable-compression',
      `localhost/sower-${name}`,
      `oci:${layout}:it`,
    )
  }
  const megabytes = async (name: string): Promise<number> =>
    // Such as `422 MB`.
    parseFloat(
      await buildah('images', '--noheading', '--format', '{{.Size}}', `localhost/sower-${name}`),
    )
  return { image, megabytes, writeLayout }
}
