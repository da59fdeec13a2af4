import SAT from "sat";

export function run() {
  const box = new SAT.Box(new SAT.Vector(0, 0), 10, 4).toPolygon();
  const circle = new SAT.Circle(new SAT.Vector(11, 3), 2.5);
  const triangle = new SAT.Polygon(new SAT.Vector(8, 2), [
    new SAT.Vector(),
    new SAT.Vector(6, 0),
    new SAT.Vector(0, 6),
  ]);
  return [SAT.testPolygonCircle, SAT.testPolygonPolygon].map((test, i) => {
    const response = new SAT.Response();
    const hit = test(box, [circle, triangle][i], response);
    return { hit, overlap: response.overlap, x: response.overlapV.x, y: response.overlapV.y };
  });
}
