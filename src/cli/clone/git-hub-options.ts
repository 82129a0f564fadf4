import type { Command } from 'commander'

/** The options of a command that opens a pull request; null: not given. */
export type GitHubOptions = Readonly<{
  /** owner/name */
  repository: string | null
  /** A file with a person's token; without it nothing is pushed. */
  tokenFile: string | null
  apiUrl: string
  gitUrl: string | null
  branch: string
  /** A file with a certificate authority (PEM) for GitHub's API and git, beside the built-in ones. */
  caFile: string | null
}>

/** The flags of these options, as commander gives them. */
export type GitHubFlags = Readonly<{
  repository?: string
  tokenFile?: string
  apiUrl: string
  gitUrl?: string
  branch: string
  caFile?: string
}>

/** Declares them on a command; each has its variable. Returns the command. */
export const declareGitHub = (command: Command, environment: NodeJS.ProcessEnv): Command => {
  const of = (variable: string): string | undefined => environment[variable] || undefined
  return command
    .option(
      '--repository <owner/name>',
      'the GitHub repository (SOWER_REPOSITORY)',
      of('SOWER_REPOSITORY'),
    )
    .option(
      '--token-file <file>',
      "a file with a person's GitHub token; without it nothing is pushed (SOWER_TOKEN_FILE)",
      of('SOWER_TOKEN_FILE'),
    )
    .option(
      '--api-url <url>',
      "GitHub's REST API (SOWER_API_URL)",
      of('SOWER_API_URL') ?? 'https://api.github.com',
    )
    .option('--git-url <url>', 'where to clone from (SOWER_GIT_URL)', of('SOWER_GIT_URL'))
    .option(
      '--ca-file <file>',
      "a certificate authority for GitHub's API and git, beside the built-in ones (SOWER_CA_FILE)",
      of('SOWER_CA_FILE'),
    )
    .option(
      '--branch <branch>',
      'the branch that Argo CD tracks (SOWER_BRANCH)',
      of('SOWER_BRANCH') ?? 'main',
    )
}

/** The options that flags give. */
export const gitHubOptions = (flags: GitHubFlags): GitHubOptions => ({
  repository: flags.repository ?? null,
  tokenFile: flags.tokenFile ?? null,
  apiUrl: flags.apiUrl,
  gitUrl: flags.gitUrl ?? null,
  branch: flags.branch,
  caFile: flags.caFile ?? null,
})
