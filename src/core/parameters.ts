import type { Json } from '../common/json.ts'

/**
 * What operators have set beside definitions of their own kind: parameters of a component in a vhost, and global ones
 * (RabbitMQ documentation, parameters). The broker keeps them; components look up what is theirs.
 */
export class Parameters {
  readonly global = new Map<string, Json>()
  private readonly byKey = new Map<string, Parameter>()

  get(component: string, vhost: string, name: string): Parameter | undefined {
    return this.byKey.get(keyOf(component, vhost, name))
  }

  /** Null as long as nobody has named it. */
  get clusterName(): string | null {
    const name = this.global.get('cluster_name')
    return typeof name === 'string' ? name : null
  }

  [Symbol.iterator](): Iterator<Parameter> {
    return this.byKey.values()
  }

  set(parameter: Parameter): void {
    this.byKey.set(keyOf(parameter.component, parameter.vhost, parameter.name), parameter)
  }

  delete(component: string, vhost: string, name: string): void {
    this.byKey.delete(keyOf(component, vhost, name))
  }

  /** A vhost is gone, and with it all that was set for it. */
  forgetVhost(vhost: string): void {
    for (const [key, parameter] of this.byKey) {
      if (parameter.vhost === vhost) this.byKey.delete(key)
    }
  }
}

export interface Parameter {
  readonly component: string
  readonly vhost: string
  readonly name: string
  readonly value: Json
}

function keyOf(component: string, vhost: string, name: string): string {
  return JSON.stringify([component, vhost, name])
}
