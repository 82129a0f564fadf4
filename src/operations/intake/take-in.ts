import { parseCommands } from '../../core/command/parse-commands.ts'
import type { Command } from '../../core/command/parse-line.ts'
import { helpList, helpText } from '../../core/command/help-text.ts'
import { refuseUnlessSeed } from '../../core/settings/refuse-unless-seed.ts'
import { InputError, RefusedError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { Incoming } from '../ports/inbox.ts'
import { answerPromote } from '../promote/answer-promote.ts'
import { answerForget } from '../access/answer-forget.ts'
import { answerCompare } from './answers/answer-compare.ts'
import { answerPlan } from './answers/answer-plan.ts'
import { answerPreflight } from './answers/answer-preflight.ts'
import { authorise } from './authorise.ts'
import { confirmReattach } from '../change/confirm-reattach.ts'
import { isOutsider } from './create-gate.ts'
import { placeOrder } from './place-order.ts'
import { requestByCommand, requestByLabel } from './request-by-label.ts'
import type { Answer, Sender } from './sender.ts'

/**
 * Takes one incoming event through the same gates for webhooks and whatever else brings them. Refusals are
 * answers; only an outside that gives no answer throws (UnavailableError), and then the event stays. Who may run
 * nothing gets one answer a comment and few an hour; without an answer there is nothing to say at all.
 */
export const takeIn = async (context: Context, incoming: Incoming): Promise<readonly Answer[]> => {
  if (incoming.kind === 'wake') return []
  // Our own comments quote commands.
  if (incoming.sender === (await context.ports.forge.login())) return []
  const commands = incoming.kind === 'comment' ? parseCommands(incoming.body) : []
  if (incoming.kind === 'comment' && commands.length === 0) return []
  const permission = await context.gate.permission(incoming.sender)
  const answers: Answer[] = []
  if (incoming.kind === 'comment' && incoming.unread !== undefined) {
    if (isOutsider(permission) && !context.gate.mayAnswer(incoming.sender)) return []
    return [{ text: whyUnread[incoming.unread], code: 'ARGUMENT_INVALID' }]
  }
  if (incoming.kind === 'label')
    answers.push(await answering(() => requestByLabel(context, { ...incoming, permission })))
  for (const [index, command] of commands.entries()) {
    const from = { ...incoming, key: `${incoming.key}/${index}`, permission }
    answers.push(await answering(() => obey(context, from, command)))
  }
  if (!isOutsider(permission)) return withoutRepeats(answers)
  if (!context.gate.mayAnswer(incoming.sender)) return []
  return [answers.find(answer => answer?.code === 'PERMISSION_DENIED') ?? answers[0] ?? null]
}

const whyUnread = {
  edited:
    'A command in a text that was edited, or may have been, is not obeyed: it is not known what was there before. Write a new comment.',
  'on-code':
    'A command on a line of code is not obeyed. Write a comment in the conversation of the pull request.',
} as const

const withoutRepeats = (answers: readonly Answer[]): readonly Answer[] =>
  answers.filter(
    (answer, index) =>
      answer === null || answers.findIndex(other => other?.text === answer.text) === index,
  )

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
      return requestByCommand(context, from, command)
    case 'plan':
      return answerPlan(context, from, command.cluster)
    case 'preflight':
      return answerPreflight(context, from, command.cluster)
    case 'compare':
      return answerCompare(context, from, command.cluster)
    case 'adopt':
      return proposeAdoption(context, from, command.cluster)
    case 'reattach':
      return confirmReattach(context, from, command)
    case 'promote':
      return answerPromote(context, from, command.cluster)
    case 'retry':
    case 'abort':
      return placeOrder(context, from, { ...command, verb: command.verb })
    case 'forget':
      return answerForget(context, from)
    case 'status':
      return null
    case 'help':
      return { text: helpText, code: null, list: helpList }
    case 'unknown':
      return { text: `${command.reason}. ${helpText}`, code: 'ARGUMENT_INVALID', list: helpList }
  }
}

/** An adopted run is asked for in a pull request of its own, which a person opens: no comment begins one. */
const proposeAdoption = async (
  context: Context,
  from: Sender,
  cluster: string,
): Promise<Answer> => {
  const { config } = await authorise(context, from, 'adopt')
  refuseUnlessSeed(config, cluster)
  return {
    text: `${cluster} can be adopted while no root renders it and no hub manages it. Ask for that on the command line. Nothing was changed.`,
    code: null,
    list: [
      `\`sower access save --seed-kubeconfig FILE ${cluster}\` saves the access to it on the hub.`,
      `\`sower request ${cluster} --adopt\` opens the pull request; its merge begins the work.`,
    ],
  }
}
