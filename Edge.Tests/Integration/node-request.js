// Asks Edge as a client by others would: MQTT 5 with every property of a request. Prints what came back, one JSON object.
// node node-request.js PATH-OF-MQTT PORT TEXT
const mqtt = require(process.argv[2]);
const client = mqtt.connect({ host: '127.0.0.1', port: Number(process.argv[3]), protocolVersion: 5, clientId: 'node-panel' });
client.on('connect', () => client.subscribe('node/reply', { qos: 1 }, () => client.publish('edge/home/command', process.argv[4], {
  qos: 1,
  properties: {
    responseTopic: 'node/reply', correlationData: Buffer.from([0, 1, 255]), messageExpiryInterval: 30, contentType: 'text/plain', userProperties: { client: 'panel' },
  },
})));
client.on('message', (topic, payload, packet) => {
  console.log(JSON.stringify({
    topic, qos: packet.qos, retain: packet.retain, correlation: [...packet.properties.correlationData], contentType: packet.properties.contentType, reply: JSON.parse(payload),
  }));
  client.end();
});
