import { verbs, type Command } from '../../core/command/parse-commands.ts'
import { InputError, RefusedError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { Incoming } from '../ports/inbox.ts'
import { placeOrder } from './place-order.ts'
import { requestByCommand, requestByLabel } from './request-by-label.ts'
import type { Answer, Sender } from './sender.ts'

/**
 * Takes one incoming event through the same gates for webhooks and whatever else brings them. Refusals are
 * answers; only an outside that gives no answer throws (UnavailableError), and then the event stays.
 */
export const takeIn = async (context: Context, incoming: Incoming): Promise<readonly Answer[]> => {
  if (incoming.kind === 'wake') return []
  // Our own comments quote commands.
  if (incoming.sender === (await context.ports.forge.login())) return []
  if (incoming.kind === 'label') return [await answering(() => requestByLabel(context, incoming))]
  const answers: Answer[] = []
  for (const [index, command] of incoming.commands.entries())
    answers.push(
      await answering(() =>
        obey(context, { ...incoming, key: `${incoming.key}/${index}` }, command),
      ),
    )
  return answers
}

const answering = async (work: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RefusedError || error instanceof InputError)
      return { text: `${error.message}. ${error.fix ?? ''}`.trim(), code: error.code }
    throw error
  }
}

const obey = async (context: Context, from: Sender, command: Command): Promise<Answer> => {
  switch (command.verb) {
    case 'detach':
      return requestByCommand(context, from, command.cluster)
    case 'retry':
    case 'abort':
      return placeOrder(context, from, command.verb)
    case 'status':
      return null
    case 'help':
      return { text: help(), code: null }
    case 'unknown':
      return { text: `${command.reason}. ${help()}`, code: 'ARGUMENT_INVALID' }
  }
}

const help = (): string =>
  `Commands: ${Object.values(verbs)
    .map(({ usage, does }) => `\`${usage}\` ${does}`)
    .join('; ')}. An edited comment is not read; write a new one.`
