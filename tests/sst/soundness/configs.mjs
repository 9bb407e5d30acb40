// Runs whole configs that the tests send, one JSON line each: {"files": {"sst.config.ts": "..."}, "unknowns": {"A": [null, "1"]}}. Answers one
// line each: for every combination of the environment variables what `run()` constructed, and the functions that SST makes of it. Run Node with
// --experimental-vm-modules. `sst` is a stub that records; a `$transform` is applied as SST applies it: to the caller's arguments, in the order of
// registration, and also to what SST constructs later of a definition.
import { createInterface } from "node:readline";
import vm from "node:vm";

const DURATION = /^(\d+) (second|minute|hour)s?$/;
const SECONDS = { second: 1, minute: 60, hour: 3600 };
const DEFAULT = 20;

class Output {
  constructor(owner, path) { this.owner = owner; this.path = path; }
  apply(callback) { callback(this); return this; }
}

class Recorder {
  components = [];
  functions = [];
  transforms = new Map();
  later = [];

  /** Everything of `sst.aws`: a class for each name, made when it is asked for. */
  space() {
    const classes = {};
    return new Proxy({}, { get: (_, name) => (typeof name === "string" ? (classes[name] ??= this.component(`sst.aws.${name}`)) : undefined) });
  }

  component(type) {
    const recorder = this;
    const outputs = new Proxy({}, {
      get(_, key, receiver) {
        if (typeof key !== "string" || ["then", "toJSON", "constructor"].includes(key)) return undefined;
        return new Output(receiver, key);
      },
      has: () => false,
    });
    class Component {
      constructor(name, args, options) {
        const used = recorder.transformed(type, name, args, options);
        Object.defineProperty(this, "$name", { value: name, enumerable: false });
        Object.defineProperty(this, "$type", { value: type, enumerable: false });
        Object.defineProperty(this, "$args", { value: used, enumerable: false });
        recorder.components.push({ type, name, args: used && typeof used === "object" ? { ...used } : used });
        if (type === "sst.aws.Function") recorder.made("component", name, used);
        if (type === "sst.aws.Cron") recorder.deferred("cron", name, used?.function ?? used?.job);
      }
    }
    if (type === "sst.aws.Queue") Component.prototype.subscribe = function (definition) { recorder.deferred("subscribe", this.$name, definition); return new Output(this, "subscribe()"); };
    if (type === "sst.aws.ApiGatewayV2") Component.prototype.route = function (route, definition) { recorder.deferred("route", route, definition, this.$args?.transform?.route?.handler); return new Output(this, "route()"); };
    if (type === "sst.aws.Bucket") Component.prototype.notify = function ({ notifications }) { for (const each of notifications) recorder.deferred("notify", each.name, each.function); return this; };
    Object.setPrototypeOf(Component.prototype, outputs);
    return Component;
  }

  transform(component, callback) {
    const type = new component("$probe", { $probe: true }).$type;
    this.components.pop();
    if (type === "sst.aws.Function") this.functions.pop();
    this.transforms.set(type, [...(this.transforms.get(type) ?? []), callback]);
  }

  transformed(type, name, args, options) {
    const callbacks = args?.$probe ? [] : (this.transforms.get(type) ?? []);
    if (callbacks.length && args === undefined) args = {};
    for (const callback of callbacks) callback(args, options ?? {}, name);
    return args;
  }

  /** A function that SST constructs of a definition, once the program has run. */
  deferred(via, name, definition, transform) {
    this.later.push(() => {
      let args = typeof definition === "string" ? { handler: definition } : { ...definition };
      if (typeof transform === "function") transform(args, {}, name);
      else args = { ...args, ...transform };
      this.made(via, name, this.transformed("sst.aws.Function", name, args));
    });
  }

  made(via, name, args) {
    const parts = DURATION.exec(args?.timeout ?? "");
    this.functions.push({ via, name, seconds: parts ? Number(parts[1]) * SECONDS[parts[2]] : DEFAULT });
  }
}

function encode(value, depth = 8) {
  if (value === undefined) return null;
  if (value === null || ["boolean", "string", "number"].includes(typeof value)) return value;
  if (value instanceof Output) return { $: "reference", name: value.owner.$name, output: value.path };
  if (value.$type) return { $: "reference", name: value.$name, output: "" };
  if (typeof value === "function") return { $: "function" };
  if (depth === 0) return { $: "deep" };
  if (Array.isArray(value)) return Array.from(value, (item) => encode(item, depth - 1));
  return { $: "object", entries: Object.entries(value).filter(([, each]) => each !== undefined).map(([key, each]) => [key, encode(each, depth - 1)]) };
}

async function run(files, environment) {
  const recorder = new Recorder();
  const context = vm.createContext({
    sst: { aws: recorder.space() },
    $config: (config) => config,
    $transform: (component, callback) => recorder.transform(component, callback),
    $app: { name: "app", stage: "production" },
    $dev: false,
    process: { env: environment },
    console: { log() {}, warn() {}, error() {} },
  });
  const modules = new Map();
  const load = (path) => {
    if (!modules.has(path)) {
      modules.set(path, new vm.SourceTextModule(files[path], {
        context, identifier: path,
        importModuleDynamically: async (specifier) => {
          const module = load(`${specifier.replace("./", "")}.ts`);
          if (module.status === "unlinked") await module.link(link);
          if (module.status === "linked") await module.evaluate();
          return module;
        },
      }));
    }
    return modules.get(path);
  };
  const link = (specifier) => load(`${specifier.replace("./", "")}.ts`);
  try {
    const config = load("sst.config.ts");
    await config.link(link);
    await config.evaluate();
    await config.namespace.default.run();
    for (const make of recorder.later) make();
  } catch (error) {
    return { throws: String(error) };
  }
  return { components: recorder.components.map(({ type, name, args }) => ({ type, name, args: encode(args) })), functions: recorder.functions };
}

function* combinations(unknowns) {
  const [[name, values], ...rest] = Object.entries(unknowns).concat([[null, null]]);
  if (name === null) return yield {};
  for (const value of values) for (const others of combinations(Object.fromEntries(rest.filter(([key]) => key !== null)))) yield value === null ? others : { ...others, [name]: value };
}

process.on("unhandledRejection", () => {});
for await (const line of createInterface({ input: process.stdin })) {
  const { files, unknowns } = JSON.parse(line);
  const results = [];
  for (const environment of combinations(unknowns)) results.push(await run(files, environment));
  process.stdout.write(JSON.stringify(results) + "\n");
}
