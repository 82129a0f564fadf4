import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Attempts } from '../../operations/ports/attempts.ts'
import { writeWhole } from './write-whole.ts'

const most = 2
const stored = z.object({
  what: z.string(),
  /** The last step that was done. */
  done: z.string(),
  /** How often it was begun at each step; a process that ends at several in turn comes back to one of them. */
  steps: z.record(z.string(), z.number()),
})
type Stored = z.infer<typeof stored>

/** Keeps attempts as files: one that is there when the process starts is of an attempt that ended with the process. */
export const fileAttempts = (directory: string): Attempts => {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const fileOf = (what: string): string =>
    join(directory, `${createHash('sha256').update(what).digest('hex').slice(0, 32)}.json`)
  const keep = (kept: Stored): void => {
    if (!isStopped) writeWhole(fileOf(kept.what), JSON.stringify(kept), { mode: 0o600 })
  }
  const underWay = new Set<string>()
  let isStopped = false
  const end = (what: string): void => {
    underWay.delete(what)
    rmSync(fileOf(what), { force: true })
  }
  return {
    begin: (what, at = '') => {
      const kept = keptIn(fileOf(what), what)
      const step = `${at} after ${kept.done}`
      const count = kept.steps[step] ?? 0
      if (count >= most) return false
      underWay.add(what)
      keep({ ...kept, steps: { ...kept.steps, [step]: count + 1 } })
      return true
    },
    gotFurther: (what, done) => {
      keep({ ...keptIn(fileOf(what), what), done })
    },
    end,
    stop: () => {
      isStopped = true
      underWay.forEach(end)
    },
  }
}

/** Nothing is kept where nothing can be read: then there are two attempts more. */
const keptIn = (file: string, what: string): Stored => {
  try {
    return stored.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { what, done: 'nothing', steps: {} }
  }
}
