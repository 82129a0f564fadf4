import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Run } from '../../core/run/run.ts'
import { readRun, unreadable as refuse } from '../../core/run/read-run.ts'
import { ConflictError, messageOf } from '../../errors.ts'
import type { RunStore } from '../../operations/ports/run-store.ts'
import { takeLock } from './take-lock.ts'
import { writeWhole } from './write-whole.ts'

/**
 * Keeps runs as files, one a cluster: created by a link, which fails when the name is taken, and replaced under a
 * lock by a rename, so that a crash leaves the old file or the new one. For the CLI, tests and one replica.
 */
export const fileRunStore = (
  directory: string,
  unreadable: (run: string, reason: string) => void = () => undefined,
): RunStore => {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const fileOf = (name: string): string => join(directory, `${name}.json`)
  const read = (name: string): Run | undefined => {
    let content: string
    try {
      content = readFileSync(fileOf(name), 'utf8')
    } catch (error) {
      if (isNodeError(error) && error.code === 'ENOENT') return undefined
      throw error
    }
    let stored: unknown
    try {
      stored = JSON.parse(content)
    } catch {
      throw refuse(fileOf(name), 'it is not JSON')
    }
    return readRun(stored, fileOf(name))
  }
  const save = (run: Run, to: 'create' | 'replace'): boolean =>
    writeWhole(fileOf(run.name), `${JSON.stringify(run, null, 2)}\n`, {
      aside: join(directory, `.${run.name}.${randomUUID()}`),
      mode: 0o600,
      isDurable: true,
      to,
    })
  /** Does a synchronous change while nobody else changes the run. Throws ConflictError RUN_CHANGED. */
  const holding = <T>({ name }: Run, change: (conflict: ConflictError) => T): T => {
    const conflict = new ConflictError(
      'RUN_CHANGED',
      `saving the run of ${name}: it was changed by someone else`,
    )
    const lock = takeLock({ directory, name, tries: 50 })
    if (!('release' in lock)) throw conflict
    try {
      return change(conflict)
    } finally {
      lock.release()
    }
  }
  return {
    get: async name => read(name),
    list: async () =>
      readdirSync(directory)
        .filter(file => /^[^.].*\.json$/.test(file))
        .flatMap(file => {
          const name = file.slice(0, -'.json'.length)
          try {
            return read(name) ?? []
          } catch (error) {
            // It stays where it is: its cluster stays locked, and the other runs go on.
            unreadable(name, messageOf(error))
            return []
          }
        }),
    create: async run => save({ ...run, version: '1' }, 'create'),
    replace: async run =>
      holding(run, conflict => {
        if (read(run.name)?.version !== run.version) throw conflict
        const next = { ...run, version: String(Number(run.version) + 1) }
        save(next, 'replace')
        return next
      }),
    remove: async run => {
      holding(run, conflict => {
        const now = read(run.name)
        if (now !== undefined && now.version !== run.version) throw conflict
        rmSync(fileOf(run.name), { force: true })
      })
    },
  }
}

const isNodeError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error
