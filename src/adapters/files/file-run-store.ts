import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { activePhases, outcomes, type Run } from '../../core/run/run.ts'
import { errorCodes } from '../../error-codes.ts'
import { ConflictError, FailedError } from '../../errors.ts'
import type { RunStore } from '../../operations/ports/run-store.ts'
import { takeLock } from './take-lock.ts'
import { writeWhole } from './write-whole.ts'

const text = z.string()
const effect = z.discriminatedUnion('do', [
  z.object({ do: z.enum(['save-access', 'deliver-secret', 'delete-secret', 'delete-access']) }),
  z.object({ do: z.literal('commit-detach'), onto: text }),
  z.object({ do: z.literal('record-merge'), mergedAs: text }),
  z.object({ do: z.enum(['refresh', 'sync-with-prune']), application: text }),
  z.object({ do: z.literal('commit-seed-generator'), image: text }),
  z.object({ do: z.literal('apply-seed-generator'), from: text }),
  z.object({ do: z.literal('delete-seed-generator'), uid: text }),
  z.object({ do: z.literal('commit-record'), digest: text.nullable() }),
])
const blocked = z.strictObject({ code: z.enum(errorCodes), reason: text, fix: text, since: text })

/** Runs that version 0.1.0 stored say `next` in place of `fix`. */
const withFix = (stored: unknown): unknown => {
  const before = z.looseObject({ next: text }).safeParse(stored).data
  if (!before) return stored
  const { next, ...others } = before
  return { ...others, fix: next }
}

const storedRun: z.ZodType<Run> = z.strictObject({
  name: text,
  version: text,
  request: z.strictObject({
    key: text,
    cluster: text,
    image: text,
    repository: text,
    pullRequest: z.number(),
    by: text,
    headSha: text,
  }),
  phase: z.enum([...activePhases, ...outcomes]),
  since: text,
  attempt: z.number(),
  outcome: z.enum(outcomes).nullable(),
  blocked: z.preprocess(withFix, blocked.nullable()),
  orders: z.array(
    z.strictObject({ key: text, verb: z.enum(['retry', 'abort']), by: text, at: text }),
  ),
  facts: z.strictObject({
    // Version 0.1.0 did not keep it.
    pushedAs: text.nullable().default(null),
    mergedAs: text.nullable(),
    managedClusterUid: text.nullable(),
    goneSince: text.nullable(),
    generatorAs: text.nullable(),
    digestBefore: text.nullable(),
    digest: text.nullable(),
    lastMessage: text.nullable(),
  }),
  intent: z.strictObject({ effect, at: text }).nullable(),
})

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
    const parsed = storedRun.safeParse(JSON.parse(content))
    if (!parsed.success)
      throw new FailedError(
        'INTERNAL',
        `reading the run ${fileOf(name)}: it is not a run of this version`,
      )
    return parsed.data
  }
  const save = (run: Run, to: 'create' | 'replace'): boolean =>
    writeWhole(fileOf(run.name), `${JSON.stringify(run, null, 2)}\n`, {
      aside: join(directory, `.${run.name}.${randomUUID()}`),
      mode: 0o600,
      isDurable: true,
      to,
    })
  return {
    get: async name => read(name),
    list: async () =>
      readdirSync(directory)
        .filter(file => /^[^.].*\.json$/.test(file))
        .flatMap(file => {
          const name = file.slice(0, -'.json'.length)
          try {
            return read(name) ?? []
          } catch {
            // It stays where it is: its cluster stays locked, and the other runs go on.
            unreadable(name, `${fileOf(name)} is not a run of this version`)
            return []
          }
        }),
    create: async run => save({ ...run, version: '1' }, 'create'),
    replace: async run => {
      const conflict = new ConflictError(
        'RUN_CHANGED',
        `saving the run of ${run.name}: it was changed by someone else`,
      )
      // It is held for one synchronous write.
      const lock = takeLock({ directory, name: run.name, tries: 50 })
      if (!('release' in lock)) throw conflict
      try {
        if (read(run.name)?.version !== run.version) throw conflict
        const next = { ...run, version: String(Number(run.version) + 1) }
        save(next, 'replace')
        return next
      } finally {
        lock.release()
      }
    },
  }
}

const isNodeError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error
