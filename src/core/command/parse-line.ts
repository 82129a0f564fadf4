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

/** The request in a comment. Words that are no command are answered with help, never guessed. */
export type Command =
  | Readonly<{ verb: ClusterVerb; cluster: string } & Beside>
  | Readonly<{ verb: Exclude<CommandVerb, ClusterVerb> } & Beside>
  | Readonly<{ verb: 'unknown'; reason: string }>

type Beside = Readonly<{
  /** The head that it was written for, or how its id begins. */
  sha?: string
}>

const unknown = (reason: string): Command => ({ verb: 'unknown', reason })

/** Reads a line that looks like a command. What is wrong with it never repeats its words. */
export const parseLine = (line: string): Command => {
  if (/\p{Cf}/u.test(line))
    return unknown('it holds an invisible character; type the command by hand')
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
  const { names, sha, problem } = sortOut(row, words)
  if (problem !== null) return unknown(`\`${verb}\` ${problem}`)
  const [cluster, second] = names.map(name => name.replace(/^<(.*)>$/, '$1'))
  const beside = sha === null ? {} : { sha }
  if (!namesCluster(verb))
    return cluster === undefined ? { verb, ...beside } : unknown(`\`${verb}\` takes no argument`)
  if (cluster === undefined || second !== undefined) return unknown(`\`${verb}\` takes one cluster`)
  if (!clusterName.test(cluster))
    return unknown('that is not a valid cluster name: lower-case letters, digits and `-`')
  return { verb, cluster, ...beside }
}

type Sorted = Readonly<{
  names: readonly string[]
  sha: string | null
  problem: string | null
}>

/** Parts names from flags; a flag that the verb does not take is a problem. */
const sortOut = (row: VerbRow, words: readonly string[]): Sorted => {
  const names: string[] = []
  let sha: string | null = null
  const rest = words.filter(word => word !== row.flag)
  if (row.flag !== undefined && rest.length === words.length)
    return { ...{ names, sha }, problem: `needs \`${row.flag}\`: its host may be reinstalled` }
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--sha' || word.startsWith('--sha=')) {
      const value = (word === '--sha' ? rest.shift() : word.slice(6)) ?? ''
      if (!row.sha || !/^[0-9a-f]{12,64}$/i.test(value))
        return {
          ...{ names, sha },
          problem: row.sha
            ? 'takes with `--sha` the commit that you looked at: at least twelve hexadecimal digits'
            : 'takes no `--sha`',
        }
      sha = value.toLowerCase()
    } else names.push(word)
  }
  return { names, sha, problem: null }
}
