import type { RestEndpointMethodTypes } from '@octokit/rest'
import { apiUrl, type Host } from '../host.ts'
import { nodeId } from './user-shape.ts'

type LabelData = RestEndpointMethodTypes['issues']['getLabel']['response']['data']

/** A label by its name, with the colour that the repository gave it. */
export const labelShape = (host: Host, name: string): LabelData => {
  const label = host.state.labels.get(name.toLowerCase())
  const id = label?.id ?? 0
  return {
    id,
    node_id: nodeId('LA', id),
    url: apiUrl(host, `/labels/${encodeURIComponent(name)}`),
    name: label?.name ?? name,
    color: label?.color ?? 'ededed',
    description: label?.description ?? null,
    default: false,
  }
}
