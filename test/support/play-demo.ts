import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import { findOnPath } from '../../src/adapters/kustomize/find-on-path.ts'
import { findKustomize } from '../../src/adapters/kustomize/kustomize-cli.ts'
import type { DemoEvent } from '../../src/demo/demo-event.ts'
import type { Scenario } from '../../src/demo/run-demo.ts'
import { alone, home, kustomizePlaces, program } from './run-sower.ts'
import { whileWeLive } from './while-we-live.ts'

type Of<Name extends DemoEvent['event']> = Extract<DemoEvent, { event: Name }>

/** Programs that write down how they are called and then are the real ones; nothing else is on the PATH. */
const recordingShims = (directory: string): { path: string; called: () => string } => {
  const path = join(directory, 'shims')
  const record = join(directory, 'called')
  mkdirSync(path, { recursive: true })
  writeFileSync(record, '')
  const kustomize = findKustomize(kustomizePlaces).file
  const git = findOnPath('git', process.env['PATH'] ?? '')
  for (const [name, real] of [
    ['git', git],
    [basename(kustomize), kustomize],
  ] as const) {
    const shim = join(path, name)
    writeFileSync(
      shim,
      `#!/bin/sh\nprintf '%s\\n' "${name} $*" >>'${record}'\nexec '${real ?? ''}' "$@"\n`,
    )
    chmodSync(shim, 0o755)
  }
  return { path, called: () => readFileSync(record, 'utf8') }
}

/** A demo that was played to its end. */
export type Played = Readonly<{
  exitCode: number | undefined
  stdout: string
  stderr: string
  /** The events as they were written down. */
  lines: string
  /** The directory with all that is left of it. */
  kept: string
  /** How git and kustomize were called, a line each. */
  called: string
  /** All events of a name. */
  all: <Name extends DemoEvent['event']>(name: Name) => Of<Name>[]
}>

/** Plays a scenario: `run` by the command of README.md, without what npm does before it; the other as JSON. */
export const playDemo = async (scenario: Scenario, directory: string): Promise<Played> => {
  const kept = join(directory, 'kept')
  const shims = recordingShims(directory)
  const path = process.env['PATH'] ?? ''
  const npm = findOnPath('npm', path) ?? 'npm'
  const command =
    scenario === 'run'
      ? alone(
          { PATH: `${shims.path}:${path}`, HOME: directory },
          ...[npm, 'run', '--silent', '--ignore-scripts', 'demo', '--', '--keep', kept],
        )
      : alone(
          { PATH: shims.path },
          ...[process.execPath, program, 'demo', '--json', '--scenario', scenario, '--keep', kept],
        )
  const [file, ...rest] = whileWeLive(...command)
  const { exitCode, stdout, stderr } = await execa(file, rest, {
    cwd: home,
    reject: false,
    detached: true,
    stripFinalNewline: false,
  })
  const lines = readFileSync(join(kept, 'events.jsonl'), 'utf8')
  const events = lines
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as DemoEvent)
  const all = <Name extends DemoEvent['event']>(name: Name): Of<Name>[] =>
    events.filter((event): event is Of<Name> => event.event === name)
  return { exitCode, stdout, stderr, lines, kept, called: shims.called(), all }
}
