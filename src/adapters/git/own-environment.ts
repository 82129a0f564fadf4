import { resolve } from 'node:path'

const author = { name: 'Sower', email: 'sower@sower.dev' }

/** The settings of our own git: nothing of our process's environment, and nothing of the system's configuration. */
export type Own = Readonly<{
  /** A directory of ours, which takes the place of a home. */
  home: string
  /** Directories for finding git. */
  path: string
  /** The socket of the person's ssh agent, null without one; left out, git does not use ssh. */
  agent?: string | null | undefined
}>

/** Builds the environment of our own git; local commands need no more. */
export const ownEnvironment = ({ home, path, agent }: Own): Readonly<Record<string, string>> => ({
  PATH: path,
  HOME: home,
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: `http:https:file${agent === undefined ? '' : ':ssh'}`,
  ...(agent ? { SSH_AUTH_SOCK: agent } : {}),
  // Paths are paths: none is a pattern.
  GIT_LITERAL_PATHSPECS: '1',
  GIT_AUTHOR_NAME: author.name,
  GIT_AUTHOR_EMAIL: author.email,
  GIT_COMMITTER_NAME: author.name,
  GIT_COMMITTER_EMAIL: author.email,
})

/** The program that git asks for the token, the file in which that program finds it, and whom it is for. */
export type Credential = Readonly<{ askpass: string; tokenFile: string; place: string }>

/** Builds what a command that asks the network needs besides. No secret is in it. */
export const askpassEnvironment = ({
  askpass,
  tokenFile,
  place,
}: Credential): Readonly<Record<string, string>> => ({
  GIT_ASKPASS: askpass,
  SOWER_TOKEN_FILE: resolve(tokenFile),
  SOWER_GIT_PLACE: place,
})
