import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Attempts } from '../../operations/ports/attempts.ts'
import { writeWhole } from './write-whole.ts'

const most = 2
const stored = z.object({ what: z.string(), at: z.string(), count: z.number() })

/** Keeps attempts as files: one that is there when the process starts is of an attempt that ended with the process. */
export const fileAttempts = (directory: string): Attempts => {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const fileOf = (what: string): string =>
    join(directory, `${createHash('sha256').update(what).digest('hex').slice(0, 32)}.json`)
  const underWay = new Set<string>()
  let isStopped = false
  const end = (what: string): void => {
    underWay.delete(what)
    rmSync(fileOf(what), { force: true })
  }
  return {
    begin: (what, at = '') => {
      const count = countIn(fileOf(what), at)
      if (count >= most) return false
      if (isStopped) return true
      underWay.add(what)
      writeWhole(fileOf(what), JSON.stringify({ what, at, count: count + 1 }), { mode: 0o600 })
      return true
    },
    end,
    stop: () => {
      isStopped = true
      underWay.forEach(end)
    },
  }
}

/** Zero where it got further since, or nothing can be read: then there are two attempts more. */
const countIn = (file: string, at: string): number => {
  try {
    const before = stored.parse(JSON.parse(readFileSync(file, 'utf8')))
    return before.at === at ? before.count : 0
  } catch {
    return 0
  }
}
