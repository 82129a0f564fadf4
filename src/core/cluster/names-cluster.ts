/** Whether a text that cannot be read as objects (a template, values) names a cluster outside comments. */
export const namesCluster = (text: string, cluster: string): boolean =>
  text.includes(cluster) &&
  text.split('\n').some(line =>
    line
      .replace(/(?:^|\s)#.*/, '')
      .split(/[^\w.-]+/)
      .includes(cluster),
  )
