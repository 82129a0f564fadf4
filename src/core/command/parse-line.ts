import { clusterName } from '../cluster/cluster-name.ts'
import { wordsOf } from './command-text.ts'
import { nearestVerb } from './nearest-verb.ts'
import {
  isVerb,
  namesCluster,
  rowOf,
  type ClusterVerb,
  type CommandVerb,
  type VerbRow,
} from './verbs.ts'

/** What a comment asks for. Words that are no command are answered with help, never guessed. */
export type Command =
  | Readonly<{ verb: ClusterVerb; cluster: string } & Beside>
  | Readonly<{ verb: Exclude<CommandVerb, ClusterVerb> } & Beside>
  | Readonly<{ verb: 'unknown'; reason: string }>

type Beside = Readonly<{
  /** The head that it was written for, or how its id begins. */
  sha?: string
  isUnderstood?: true
}>

const unknown = (reason: string): Command => ({ verb: 'unknown', reason })

/** The flag with which a person says what may happen to the host. */
export const understood = '--i-understand-this-may-reinstall'

/** Reads a line that looks like a command. What is wrong with it never repeats its words. */
export const parseLine = (line: string): Command => {
  if (/\p{Cf}/u.test(line))
    return unknown('it holds a character that nobody sees; type the command by hand')
  const [, word = '', ...rest] = wordsOf(line)
  const verb = word.toLowerCase()
  if (isVerb(verb)) return parseArguments(verb, rest)
  const near = nearestVerb(verb)
  return unknown(
    near === undefined
      ? 'there is no such command'
      : `there is no such command; did you mean \`${rowOf(near).usage}\`?`,
  )
}

const parseArguments = (verb: CommandVerb, words: readonly string[]): Command => {
  const row = rowOf(verb)
  const { names, sha, isUnderstood, problem } = sortOut(row, words)
  if (problem !== null) return unknown(`\`${verb}\` ${problem}`)
  const [cluster, second] = names.map(name => name.replace(/^<(.*)>$/, '$1'))
  const beside = {
    ...(sha === null ? {} : { sha }),
    ...(isUnderstood ? { isUnderstood: true as const } : {}),
  }
  if (!namesCluster(verb))
    return cluster === undefined ? { verb, ...beside } : unknown(`\`${verb}\` takes no argument`)
  if (cluster === undefined || second !== undefined) return unknown(`\`${verb}\` takes one cluster`)
  if (!clusterName.test(cluster))
    return unknown('that is no cluster name: lower-case letters, digits and `-`')
  if (row.mayReinstall && !isUnderstood)
    return unknown(`\`${verb}\` may reinstall the host: say so with \`${understood}\``)
  return { verb, cluster, ...beside }
}

type Sorted = Readonly<{
  names: readonly string[]
  sha: string | null
  isUnderstood: boolean
  problem: string | null
}>

/** Parts names from flags; a flag that the verb does not take is a problem. */
const sortOut = (row: VerbRow, words: readonly string[]): Sorted => {
  const names: string[] = []
  let [sha, isUnderstood]: [string | null, boolean] = [null, false]
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--sha' || word.startsWith('--sha=')) {
      const value = (word === '--sha' ? rest.shift() : word.slice(6)) ?? ''
      if (!row.sha || !/^[0-9a-f]{7,64}$/i.test(value))
        return {
          ...{ names, sha, isUnderstood },
          problem: row.sha
            ? 'takes with `--sha` the commit that you looked at: at least seven hexadecimal digits'
            : 'takes no `--sha`',
        }
      sha = value.toLowerCase()
    } else if (word === understood && row.mayReinstall) isUnderstood = true
    else names.push(word)
  }
  return { names, sha, isUnderstood, problem: null }
}
