// Walk the Device service with npm's onvif. Arguments: where it is, name, password, "ws" or "http". Prints JSON.
const { promisify } = require("util");
const { Cam } = require("onvif");

const [base, username, password, way] = process.argv.slice(2);
const place = new URL(base);

function connect(username, password) {
  return new Promise((resolve, reject) => {
    const options = { hostname: place.hostname, port: place.port, username, password, timeout: 30000, useWSSecurity: way === "ws" };
    options.useSecure = place.protocol === "https:";
    options.secureOpts = { rejectUnauthorized: false }; // a device's certificate is its own
    const camera = new Cam(options, (error) => (error ? reject(error) : resolve(camera)));
  });
}

const ask = (camera, what, ...given) => promisify(camera[what].bind(camera))(...given);
const fault = (camera, what, ...given) => ask(camera, what, ...given).then(() => "no fault", (error) => error.message);
const levels = (users) => Object.fromEntries(users.map((user) => [user.username, user.userLevel]));

async function walk() {
  const camera = await connect(username, password);
  const added = { username: "finder", password: "first-secret-1", userLevel: "Operator" };
  const told = {
    clock: (await ask(camera, "getSystemDateAndTime")).getTime() / 1000,
    information: await ask(camera, "getDeviceInformation"),
    capabilities: (await ask(camera, "getCapabilities")).device,
    services: (await ask(camera, "getServices", true)).map((service) => service.XAddr),
    interfaces: await ask(camera, "getNetworkInterfaces"),
    scopes: (await ask(camera, "getScopes")).map((scope) => scope.scopeItem),
    users: levels(await ask(camera, "getUsers")),
  };
  await ask(camera, "createUsers", [added]);
  told.clash = await fault(camera, "createUsers", [added]);
  await ask(camera, "setUsers", [{ ...added, password: "second-secret-2", userLevel: "Administrator" }]);
  const second = await connect("finder", "second-secret-2");
  told.afterwards = levels(await ask(second, "getUsers"));
  told.stranger = await fault(second, "setUsers", [{ ...added, username: "nobody" }]);
  await ask(camera, "deleteUsers", ["finder"]);
  told.gone = await fault(second, "getUsers");
  told.missing = await fault(camera, "deleteUsers", ["viewer", "nobody"]);
  told.default = await fault(camera, "setSystemFactoryDefault", false); // its systemReboot asks a service that is not this one
  return told;
}

walk().then((told) => console.log(JSON.stringify(told)), (error) => { console.error(error); process.exit(1); });
