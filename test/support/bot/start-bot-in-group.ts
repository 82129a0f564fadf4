import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { alone, program, shell } from '../run-sower.ts'
import { whileWeLive } from '../while-we-live.ts'

const line = z.looseObject({
  msg: z.string(),
  effect: z.looseObject({ do: z.string() }).nullish(),
  to: z.string().optional(),
  time: z.string().optional(),
  reason: z.string().optional(),
})

/** A bot as a process in a group of its own, with all that it starts. */
export type BotInGroup = Readonly<{
  log: readonly z.infer<typeof line>[]
  /** Says whether the bot wrote a line with this message. */
  said: (message: string) => boolean
  /** Sends a signal to the bot and to all that it has started. */
  signalAll: (signal: NodeJS.Signals) => void
  /** Sends a signal to the bot alone. */
  signalBot: (signal: NodeJS.Signals) => void
  /** Resolves to the exit code. */
  ended: Promise<number | null>
}>

/** The ways in which a process differs from a plain one: arguments of Node, and a command that it is started by. */
export type Started = Readonly<{ node?: readonly string[]; by?: readonly string[] }>

/** Starts the built bot with these arguments; it ends with the test process at the latest. */
export const startBotInGroup = (
  words: readonly string[],
  { node = [], by = [] }: Started = {},
): BotInGroup => {
  const command = alone(shell(), ...by, process.execPath, ...node, program, 'bot', ...words)
  const [file, ...rest] = whileWeLive(...command)
  const child = spawn(file, rest, { detached: true, stdio: ['pipe', 'ignore', 'pipe'] })
  const group = child.pid ?? 0
  const log: z.infer<typeof line>[] = []
  createInterface({ input: child.stderr }).on('line', text => {
    if (text.startsWith('{')) log.push(line.parse(JSON.parse(text)))
  })
  const ended = new Promise<number | null>(resolve => {
    child.once('close', resolve)
  })
  return {
    log,
    said: message => log.some(({ msg }) => msg.startsWith(message)),
    signalAll: signal => process.kill(-group, signal),
    signalBot: signal => {
      const children = readFileSync(`/proc/${group}/task/${group}/children`, 'utf8').split(' ')
      const bot = children.find(
        id => id !== '' && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('\0bot\0'),
      )
      process.kill(Number(bot), signal)
    },
    ended,
  }
}
