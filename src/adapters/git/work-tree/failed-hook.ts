import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** A hook that ended a command of git. */
export type FailedHook = Readonly<{ name: string; exitCode: number }>

const event = z.object({
  event: z.string(),
  sid: z.string(),
  child_id: z.optional(z.number()),
  child_class: z.optional(z.string()),
  hook_name: z.optional(z.string()),
  code: z.optional(z.number()),
})

/**
 * Finds the hook that failed last, in a file to which git wrote its events (`GIT_TRACE2_EVENT`,
 * Documentation/technical/api-trace2.txt: child_start, child_exit); null where none did, or the file cannot be read.
 * The git that a hook runs writes there, too: its session is named below that of the first.
 */
export const failedHook = (file: string): FailedHook | null => {
  const hooks = new Map<number | undefined, string>()
  let failed: FailedHook | null = null
  for (const line of linesOf(file)) {
    const { data } = event.safeParse(line)
    if (data === undefined || data.sid.includes('/')) continue
    const { child_id: child, hook_name: started, code = 0 } = data
    if (data.event === 'child_start' && started !== undefined) hooks.set(child, started)
    const name = hooks.get(child)
    if (data.event === 'child_exit' && name !== undefined && code !== 0)
      failed = { name, exitCode: code }
  }
  return failed
}

const linesOf = (file: string): readonly unknown[] => {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]))
  } catch {
    return []
  }
}
