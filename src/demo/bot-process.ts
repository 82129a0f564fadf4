import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'

/** A line of the bot's log. */
const logLine = z.looseObject({
  msg: z.string(),
  address: z.string().optional(),
  run: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  code: z.string().optional(),
  reason: z.string().optional(),
  /** The answers to an order, on its pull request. */
  answers: z.array(z.looseObject({ text: z.string() })).optional(),
  effect: z.record(z.string(), z.unknown()).nullish(),
})
export type LogLine = z.infer<typeof logLine>

/** `sower bot`, or `sower run`, as a process of its own. */
export type BotProcess = Readonly<{
  /** Where it listens for webhooks, `host:port`. */
  address: string
  stop: () => Promise<void>
}>

/**
 * Starts the bot and resolves when it listens; each line of its log goes to a file and to `onLine`. Rejects
 * when it ends before, with what it said last.
 */
export const startBotProcess = async (
  options: Readonly<{
    node: string
    program: string
    arguments: readonly string[]
    environment: Readonly<Record<string, string>>
    logFile: string
    onLine: (line: LogLine) => void
  }>,
): Promise<BotProcess> => {
  const child = spawn(options.node, [options.program, ...options.arguments], {
    env: options.environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const log = createWriteStream(options.logFile, { flags: 'a' })
  const ended = new Promise<void>(resolve =>
    child.once('close', () => {
      log.end(resolve)
    }),
  )
  let last = ''
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', text => {
      log.write(`${text}\n`)
      last = text
      const line = parseLine(text)
      if (line?.address !== undefined) resolve(line.address)
      if (line) options.onLine(line)
    })
    child.once('close', () => {
      reject(new Error(`the bot ended: ${last}`))
    })
  })
  return { address, stop: () => end(child, ended) }
}

const end = async (child: ChildProcess, ended: Promise<void>): Promise<void> => {
  child.kill('SIGTERM')
  await ended
}

const parseLine = (text: string): LogLine | undefined => {
  try {
    return logLine.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
