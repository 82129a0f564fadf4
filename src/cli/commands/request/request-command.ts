import { imageFromTemplate, type ImageReference } from '../../../core/seedgen/image-reference.ts'
import type { Configuration } from '../../../core/settings/configuration.ts'
import { refuseUnlessSeed } from '../../../core/settings/refuse-unless-seed.ts'
import { InputError } from '../../../errors.ts'
import { findRequest, hasLabel, openRequest } from '../../../operations/request/open-request.ts'
import { requestChanges, type Asked } from '../../../operations/request/request-changes.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { atGitHub } from '../../clone/at-git-hub.ts'
import { openClone } from '../../clone/open-clone.ts'
import { requireClusterName } from '../../clone/require-cluster-name.ts'
import { requireConfiguration } from '../../clone/require-configuration.ts'
import { printAs } from '../../output/print-as.ts'
import { imageArgument } from '../seal/image-argument.ts'
import type { RequestOptions } from './request-options.ts'
import { sealForRequest } from './seal-for-request.ts'

/**
 * `sower request`: opens the pull request that asks for a seed image, on the base branch as GitHub has it; the clone and
 * its work tree are left alone. Asked again, it names the pull request that is open. Without a token it prints the files
 * to commit, and what to do with them. Throws InputError for wrong words, RefusedError NOT_A_SEED, what sealing throws,
 * and what git and GitHub throw.
 */
export const requestCommand = async (
  surroundings: Surroundings,
  options: RequestOptions,
  redactor: Redactor,
): Promise<void> => {
  requireClusterName(options.cluster)
  if (!(await push(surroundings, options, redactor)))
    await describeRequest(surroundings, options, redactor)
}

const push = (
  surroundings: Surroundings,
  options: RequestOptions,
  redactor: Redactor,
): Promise<boolean> =>
  atGitHub(surroundings, options, {
    redactor,
    work: async ({ repository, pulls, base }) => {
      const { cluster, branch } = options
      const show = shower(surroundings, options)
      refuseUnlessSeed(base.config, cluster)
      const found = await findRequest({ pulls, base, branch }, cluster)
      if (found !== null) {
        const missing = hasLabel(found)
          ? ''
          : '\nIt lacks the label `seed`: look at what it changes, then set the label.'
        const { number, url } = found
        show({ image: null, pullRequest: { number, url } }, [
          `the request for ${cluster} is open already: #${number} ${url}${missing}`,
        ])
        return
      }
      const asked = await askedFor(surroundings, { options, config: base.config, redactor })
      const { number, url } = await openRequest({ repository, pulls, base, branch }, asked)
      show({ image: asked.image, pullRequest: { number, url }, isNew: true }, [
        `asked for ${asked.image}: #${number} ${url}`,
        ...(options.adopt ? [howToAdopt(cluster)] : []),
      ])
    },
  })

const describeRequest = async (
  surroundings: Surroundings,
  options: RequestOptions,
  redactor: Redactor,
): Promise<void> => {
  const { cluster, branch, directory } = options
  const clone = await openClone(surroundings, { directory, roots: [] })
  try {
    const { checkout } = clone
    const config = requireConfiguration(clone)
    refuseUnlessSeed(config, cluster)
    const asked = await askedFor(surroundings, { options, config, redactor })
    const changes = requestChanges(checkout.tree, config, asked)
    const files = changes.map(({ path, content }) => ({ path, content: content ?? '' }))
    shower(surroundings, options)({ image: asked.image, pullRequest: null, files }, [
      'No token and repository are named (--token-file, --repository), so nothing was pushed.',
      `Commit these files on a branch of their own, push it, open a pull request against ${branch},`,
      'and set the label `seed` on it:',
      ...files.flatMap(({ path, content }) => ['', `--- ${path}`, content.trimEnd()]),
      ...(options.adopt ? ['', howToAdopt(cluster)] : []),
    ])
  } finally {
    clone.close()
  }
}

type Became = Readonly<{
  /** Null where an open request is only named. */
  image: string | null
  /** Null where nothing was pushed. */
  pullRequest: Readonly<{ number: number; url: string }> | null
  isNew?: boolean
  /** The files to commit, where nothing was pushed. */
  files?: readonly Readonly<{ path: string; content: string }>[]
}>

/** Prints what became of a request: a document with the same fields each time, or lines. */
const shower =
  ({ print }: Surroundings, { output, cluster }: RequestOptions) =>
  ({ image, pullRequest, isNew = false, files = [] }: Became, lines: readonly string[]): void => {
    const document = { apiVersion: 'sower.dev/v1alpha1', kind: 'RequestReport', cluster }
    print(
      printAs(
        output,
        { ...document, image, pullRequest, isNew, files },
        () => `${lines.join('\n')}\n`,
      ),
    )
  }

/** The step that an adopted run waits for, beside its merge. */
const howToAdopt = (cluster: string): string =>
  `Save the access to it, unless it is saved: sower access save --kubeconfig HUB --seed-kubeconfig FILE ${cluster}`

const askedFor = async (
  surroundings: Surroundings,
  {
    options,
    config,
    redactor,
  }: Readonly<{ options: RequestOptions; config: Configuration; redactor: Redactor }>,
): Promise<Asked> => {
  const { cluster, authfile, adopt } = options
  const image = imageOf(config, options)
  const sealed =
    authfile === null
      ? null
      : await sealForRequest(surroundings, {
          ...{ config, image, redactor },
          options: { ...options, authfile },
        })
  const today = new Date().toISOString().slice(0, 10)
  return { cluster, image: image.text, adopt, sealed, today }
}

const imageOf = (
  { image: template }: Pick<Configuration, 'image'>,
  { cluster, image }: Pick<RequestOptions, 'cluster' | 'image'>,
): ImageReference => {
  if (image !== null) return imageArgument(image)
  if (template !== undefined && !template.includes('{version}'))
    return imageFromTemplate(template, { cluster, version: '' })
  throw new InputError(
    'ARGUMENT_INVALID',
    template === undefined
      ? 'reading --image: sower.yaml has no `image` template'
      : 'reading --image: the template of sower.yaml needs the version, which only the seed knows',
    { fix: 'name the seed image with --image registry/repository:tag' },
  )
}
